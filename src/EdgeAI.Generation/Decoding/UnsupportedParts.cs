using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>What a <c>genai_config.json</c> can describe and this engine cannot run: named, so that the message is more than a list of missing tensors.</summary>
internal static class UnsupportedParts
{
    private static readonly (string Name, string What)[] _models =
    [
        ("encoder", "an encoder"), ("vision", "a vision part"), ("speech", "a speech part"), ("embedding", "a graph of its own for the embeddings"),
    ];

    private static readonly (string Name, string What)[] _inputs =
    [
        ("inputs_embeds", "embeddings in place of tokens"),
        ("encoder_hidden_states", "the states of an encoder"),
        ("cross_past_key_names", "the keys of an encoder"),
        ("block_table", "a paged key-value cache"),
        ("past_names", "keys and values in one tensor"),
        ("past_conv_names", "the states of convolutions"),
        ("past_recurrent_names", "recurrent states"),
        ("rnn_states_prev", "recurrent states"),
    ];

    /// <summary>Everything that is not supported.</summary>
    /// <param name="model">The section <c>model</c>.</param>
    /// <param name="decoder">The section <c>model.decoder</c>.</param>
    public static IEnumerable<string> Find(JsonObject model, JsonObject decoder)
    {
        foreach (var (name, what) in _models.Where(part => model[part.Name] is not null)) yield return $"the model has {what} ('model.{name}'); only decoders of text in one graph can be run";
        if (decoder["pipeline"] is not null) yield return "the decoder is a pipeline of several graphs ('model.decoder.pipeline'); only decoders of text in one graph can be run";
        if (decoder["inputs"] is not JsonObject inputs) yield break;
        foreach (var (name, what) in _inputs.Where(input => inputs[input.Name] is not null)) yield return $"the decoder takes {what} ('model.decoder.inputs.{name}'), which is not supported";
    }
}
