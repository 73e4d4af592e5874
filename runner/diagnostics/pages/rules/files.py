"""R315 to R318, R740: arrays, images and texts of a person's own."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R315",
        title="no location for the files, or two",
        what="""Images or texts name neither a folder nor a file, or both; or a key names a column where there is none:
        folders have no columns, `path` belongs to a CSV file, and `column` to files that contain the images.""",
        why="In a folder the subfolders are the classes; in a file a column holds them.",
        bad="data: {source: images, folder: photos, file: photos.csv, scale: 1/255}",
        good="data: {source: images, folder: photos, scale: 1/255}",
    ),
    Page(
        code="R316",
        title="arrays that are not named, or named twice",
        what="npz data names no inputs or no target, or names them both for all examples and for the training part.",
        why="Examples divided by shares have one pair of arrays; parts with their own arrays have one pair each.",
        bad="data: {source: npz, file: digits.npz, inputs: images}",
        good="data: {source: npz, file: digits.npz, inputs: images, target: labels}",
    ),
    Page(
        code="R317",
        title="a key that does not fit the output of a text",
        what="""A text becomes word indices and is scaled or centred, or it becomes one value for each word and has
        a length.""",
        why="Word indices are looked up in a table; a sum over words has no length.",
        bad="""
        data: {source: text, file: reviews.csv, output: multi_hot, length: 64}
        model: {layers: [{kind: dense, units: 16}]}
        """,
        good="""
        data: {source: text, file: reviews.csv, output: multi_hot}
        model: {layers: [{kind: dense, units: 16}]}
        """,
    ),
    Page(
        code="R740",
        title="numbers of words without an embedding",
        what="The data gives sequences of word numbers, and no layer of the model is an embedding.",
        why="""Words are numbered by their frequency. A dense layer would multiply them by weights: word 200 would
        count ten times as much as word 20.""",
        bad="""
        data: {source: text, file: reviews.csv}
        model: {layers: [{kind: dense, units: 16}]}
        """,
        good="""
        data: {source: text, file: reviews.csv}
        model: {layers: [{kind: embedding, output_dim: 16}, {kind: global_average_pooling1d}]}
        """,
    ),
    Page(
        code="R318",
        title="a fit without a size",
        what="Images have a fit and no size.",
        why="Without a size, all images must have the same size and are not resized.",
        bad="data: {source: images, folder: photos, fit: pad, scale: 1/255}",
        good="data: {source: images, folder: photos, size: [32, 32], fit: pad, scale: 1/255}",
    ),
]
