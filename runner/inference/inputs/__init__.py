"""What a trained model is given: arrays, images and rows of numbers, from files, folders and stdin."""
