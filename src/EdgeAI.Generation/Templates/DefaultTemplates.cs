namespace EdgeAI.Generation;

/// <summary>Templates for folders that ship none, where the special tokens leave no doubt about the format. They know roles and text; no tools.</summary>
internal static class DefaultTemplates
{
    private const string ChatML =
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private const string Llama3 =
        "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

    private const string Gemma =
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}"
        + "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}";

    private const string Phi3 =
        "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

    private static readonly (string[] Tokens, string Template)[] _formats =
    [
        (["<|im_start|>", "<|im_end|>"], ChatML),
        (["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], Llama3),
        (["<start_of_turn>", "<end_of_turn>"], Gemma),
        (["<|user|>", "<|assistant|>", "<|end|>"], Phi3),
    ];

    /// <summary>The template of the one format whose tokens a <c>tokenizer_config.json</c> adds; <see langword="null"/> where none or several fit.</summary>
    public static string? For(CheckedJson? config)
    {
        if (config?.Optional("added_tokens_decoder") is not { } added) return null;
        var contents = added.Members().Select(member => member.Value["content"].AsString()).ToHashSet(StringComparer.Ordinal);
        var fitting = _formats.Where(format => format.Tokens.All(contents.Contains)).ToList();
        return fitting.Count == 1 ? fitting[0].Template : null;
    }
}
