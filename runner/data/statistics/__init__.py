"""What is learnt of columns from the training part, and how their values reach the model."""
