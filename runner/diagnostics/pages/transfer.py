"""R441, R442, R610 and R613: weights of another run, or published ones, once they are looked at."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R441",
        title="a run that weights cannot be taken from",
        what="""The run that `weights.run` names is not on this machine, has no such model, or its model cannot be
        opened.""",
        why="""The model begins with what another run has learned, so that run comes first. A recipe can name runs below
        `runs/` by their handles, and folders beside itself; nothing else is opened.""",
        bad="weights: {run: /tmp/somebody/model.keras}",
        good="weights: {run: digits_base}       # after `recipe run digits_base.yaml`",
    ),
    Page(
        code="R442",
        title="a layer that cannot take its weights",
        what="""The run has no layer of this name, or weights of other shapes in it, or ones that are not finite; or a
        pattern in `weights.layers` matches only layers without weights.""",
        why="A layer takes all of its weights or none. Leave it out of `layers` to initialize it as usual.",
        bad="""
        {kind: dense, units: 64, name: base}           # in the run it has 100 units
        """,
        good="""
        {kind: dense, units: 100, name: base}
        """,
    ),
    Page(
        code="R610",
        title="published weights that are not here",
        what="""The file with the published weights of an application is not in Keras' cache and was not downloaded,
        because downloads are not allowed or the server did not deliver it.""",
        why="""Recipes may come from strangers, so nothing is downloaded without --allow-network. The file is saved in
        the folder `models` of `KERAS_HOME`, or of `~/.keras`, where Keras itself looks for it.""",
        bad="recipe run photos.yaml                   # the first time",
        good="recipe run photos.yaml --allow-network   # later without",
    ),
    Page(
        code="R613",
        title="published weights that cannot be used",
        what="""The file in Keras' cache does not have the hash that Keras states, is not a weights file, or does not
        contain the application's weights.""",
        why="""The file is checked before it is read: a truncated or replaced file would change what is trained. Keras
        states no hash for the files of `mobilenet` and `mobilenet_v2`; for them the shapes are checked, and the SHA-256
        found by the plan is part of the fingerprint.""",
        bad="""
        ~/.keras/models/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5    # a download that broke off
        """,
        good="""
        rm ~/.keras/models/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5
        recipe run photos.yaml --allow-network
        """,
    ),
]
