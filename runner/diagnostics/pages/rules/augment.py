"""R280 to R287: random changes of images."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R280",
        title="augmentation of data other than images",
        what="data.augment is set, and an input does not have the shape (height, width) or (height, width, channels).",
        why="Flips, rotations and the like move pixels. Rows of numbers and texts have none.",
        bad="data: {source: builtin, name: iris, augment: [{kind: flip}]}",
        good="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: rotate, degrees: 10}]}",
    ),
    Page(
        code="R281",
        title="augmentation that never acts or never ends",
        what="off_after of a change is 0, or not before the end of the run.",
        why="Leave out a change that never acts; one that never ends needs no off_after.",
        bad="""
        data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: mixup, off_after: 12 epochs}]}
        training: {epochs: 12}
        """,
        good="""
        data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: mixup, off_after: 90%}]}
        training: {epochs: 12}
        """,
    ),
    Page(
        code="R282",
        title="a cut larger than the image",
        what="size of a crop exceeds the image with its padding.",
        why="The part is cut out of the padded image, and then scaled to the size of the image.",
        bad="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: crop, size: [12, 12], padding: 1}]}",
        good="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: crop, size: [6, 6]}]}",
    ),
    Page(
        code="R283",
        title="a change that changes nothing",
        what="A crop has neither padding nor size, or a translation neither height nor width.",
        why="Every image would stay as it is.",
        bad="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: crop}]}",
        good="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: crop, padding: 1}]}",
    ),
    Page(
        code="R284",
        title="a change after images are mixed",
        what="A change of single images is listed after mixup or cutmix.",
        why="mixup and cutmix combine two examples after each has been changed on its own, so they come last.",
        bad="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: mixup}, {kind: flip}]}",
        good="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: flip}, {kind: mixup}]}",
    ),
    Page(
        code="R285",
        title="mixed labels without classes",
        what="mixup or cutmix is used in a regression.",
        why="""An example of two classes has a share of each in its loss. For the numbers of a regression there is no
        such rule.""",
        bad="""
        task: regression
        data: {source: images, file: ages.csv, target: age, scale: 1/255, augment: [{kind: mixup}]}
        """,
        good="""
        task: regression
        data: {source: images, file: ages.csv, target: age, scale: 1/255, augment: [{kind: flip}]}
        """,
    ),
    Page(
        code="R286",
        title="an area with its bounds swapped",
        what="area of an erase has its larger bound first.",
        why="The share of the image that is covered is uniform between the smallest and the largest one.",
        bad="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: erase, area: [0.3, 0.1]}]}",
        good="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: erase, area: [0.1, 0.3]}]}",
    ),
    Page(
        code="R287",
        title="rand_augment of images other than bytes",
        what="rand_augment is used for images whose values are not bytes from 0 to 255.",
        why="""Its thresholds, bits and histograms are those of bytes. Other numbers would be taken for nearly black
        images, or lose what lies between whole numbers.""",
        bad="data: {source: builtin, name: digits, scale: 1/16, augment: [{kind: rand_augment}]}",
        good="data: {source: builtin, name: mnist-5k, scale: 1/255, augment: [{kind: rand_augment}]}",
    ),
]
