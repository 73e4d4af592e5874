"""R745 to R753: language models."""

from runner.diagnostics.codes import Page

_DATA = "task: language_model\ndata: {source: text, file: notes.txt"
_EMBED = "    - {kind: embedding, output_dim: 32}\n"
_SIZED = "    - {kind: embedding, input_dim: 9, output_dim: 32}\n"
_LAYERS = f"{_DATA}}}\nmodel:\n  layers:\n{_EMBED}"
_GRU = f"{_LAYERS}    - {{kind: gru, units: 64, return_sequences: true}}"
_TIED = _GRU.replace("units: 64", "units: 32") + "\n  output: {tied: true}"

PAGES = [
    Page(
        code="R745",
        title="a language model without a text",
        what="The task is language_model, and the data is no text.",
        why="""A language model predicts the next token of a text. It reads a .txt file, of which the parts follow one
        another, a folder of .txt files, of which each is in one part, or a CSV file with a text in each row.""",
        bad="task: language_model\ndata: {source: csv, files: notes.csv, target: a}\nmodel:\n  layers:\n" + _SIZED,
        good=_GRU,
    ),
    Page(
        code="R746",
        title="a key of the text without a use",
        what="""A language model's data has `target`, `weight`, `ngrams` or another `output` than int, or `text` of
        .txt files; or `tokens` stands in a recipe with another task.""",
        why="""The target of each token is the one after it, and all tokens are kept in their order. Other tasks take
        words.""",
        bad=f"{_DATA}, ngrams: 2}}\nmodel:\n  layers:\n{_EMBED}",
        good=_GRU,
    ),
    Page(
        code="R747",
        title="what a language model has no use for",
        what="""The output has an activation, the input is divided into parts, the loss or a metric is custom code, or
        an export is to follow the training.""",
        why="""The loss is the crossentropy of the next token, computed from logits; the saved model.keras takes texts
        and gives the probabilities of the next token. It opens in plain Keras, and `recipe generate` writes on with it.
        Other formats have no form of the steps from a text to the next token yet.""",
        bad=_GRU + "\n  output: {activation: softmax}",
        good=_GRU,
    ),
    Page(
        code="R748",
        title="a layer that sees the token to be predicted",
        what="""A layer of a language model lets a step see later ones, or may do so: attention without a causal mask,
        bidirectional, go_backwards, a conv1d with padding same, batch_normalization, or custom code.""",
        why="""The target of a step is the next token, which is the input of the next step. A model that sees it copies
        it: its perplexity is near 1, and it can write nothing. These layers keep the steps apart, or see only earlier
        ones: embedding, position_embedding, position_encoding, dense, activations, dropout, layer_normalization,
        rms_normalization, sums and products, concatenate, time_distributed; gru, lstm, simple_rnn, conv1d with
        `padding: causal`, and attention with `use_causal_mask: true`.""",
        bad=_LAYERS + "    - {kind: multi_head_attention, num_heads: 2, key_dim: 16}",
        good=_LAYERS + "    - {kind: multi_head_attention, num_heads: 2, key_dim: 16, use_causal_mask: true}",
    ),
    Page(
        code="R749",
        title="steps of a language model that are lost",
        what="""A layer changes the number of steps: a recurrent layer without return_sequences, pooling, a
        conv1d that cuts or strides, flatten.""",
        why="Each token has a target, so each step needs an output.",
        bad=_LAYERS + "    - {kind: gru, units: 64}",
        good=_GRU,
    ),
    Page(
        code="R750",
        title="tokens that are not looked up",
        what="A language model's input goes to another layer than an embedding, or an embedding takes something else.",
        why="""The number of a token says nothing by its size, and other layers would take the sequence for features: an
        embedding makes a vector of each token.""",
        bad=f"{_DATA}}}\nmodel:\n  layers:\n    - {{kind: dense, units: 64}}",
        good=_GRU,
    ),
    Page(
        code="R751",
        title="an output that cannot be tied",
        what="`output: {tied: true}` stands in a recipe of another task, or of a model with several embeddings.",
        why="""A tied output multiplies by the vectors of the tokens that it predicts. Only a language model predicts
        what its embedding takes, and with several embeddings there is no telling which is meant.""",
        bad="task: classification\nmodel: {output: {tied: true}}",
        good=_TIED,
    ),
    Page(
        code="R752",
        title="a key of a tied output without a use",
        what="""Beside `tied: true` the output has units, or an initializer, a penalty or a constraint of a kernel; or
        the embedding has `input_dim`.""",
        why="""The output has no kernel of its own: initializer, penalty and constraint are those of the embedding. Its
        size is that of the vocabulary, a row of the table for each token.""",
        bad=_TIED.replace("tied: true", "tied: true, units: 90"),
        good=_TIED,
    ),
    Page(
        code="R753",
        title="features that the embedding's vectors do not match",
        what="The output is tied, and the layers before it give other features than the embedding's vectors have.",
        why="""The logit of a token is the product of the features with the token's vector, so both have the same
        length. A dense layer of that length before the output brings the features to it.""",
        bad=_TIED.replace("units: 32", "units: 48"),
        good=_TIED,
    ),
]
