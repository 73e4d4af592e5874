"""Names that select layers."""

from schemas.layer_selection import selected, selects


def test_a_name_selects_its_layer_and_all_layers_in_a_block_of_that_name() -> None:
    layers = ["stage", "stage.1.conv2d_1", "stage.2.conv2d_1", "stages", "stage_2.conv2d_1"]
    assert [selects("stage", layer) for layer in layers] == [True, True, True, False, False]
    assert [selects("stage.1", layer) for layer in layers] == [False, True, False, False, False]
    assert [selected(("stage.2", "stages"), layer) for layer in layers] == [False, False, True, True, False]
    assert not selected((), "stage")
