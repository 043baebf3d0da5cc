using Microsoft.Extensions.Options;

namespace EdgeAI.Generation;

/// <summary>Reports every option that is out of range, with the model's key where there is one.</summary>
internal sealed class TextGeneratorOptionsValidator : IValidateOptions<TextGeneratorOptions>
{
    private static readonly TimeSpan _longestDrain = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, TextGeneratorOptions options)
    {
        var errors = Check(options);
        if (errors.Count == 0) return ValidateOptionsResult.Success;
        return ValidateOptionsResult.Fail(string.IsNullOrEmpty(name) ? errors : errors.Select(error => $"Text generator '{name}': {error}"));
    }

    public static List<string> Check(TextGeneratorOptions options)
    {
        var errors = new List<string>();
        if (options.ContextLength < 2) errors.Add($"TextGeneratorOptions.ContextLength is {options.ContextLength}; it must be 2 or more, or null.");
        if (options.MaxSequences is < 1 or > 256) errors.Add($"TextGeneratorOptions.MaxSequences is {options.MaxSequences}; it must be 1 to 256, or null.");
        if (options.Threads is < 1 or > 1024) errors.Add($"TextGeneratorOptions.Threads is {options.Threads}; it must be 1 to 1024, or null.");
        if (options.DeviceId is { } device && string.IsNullOrWhiteSpace(device)) errors.Add("TextGeneratorOptions.DeviceId is empty; name a device, or null for any.");
        if (options.MaxQueueLength is < 1 or > 1_000_000) errors.Add($"TextGeneratorOptions.MaxQueueLength is {options.MaxQueueLength}; it must be 1 to 1,000,000.");
        if (options.DefaultDeadline <= TimeSpan.Zero) errors.Add($"TextGeneratorOptions.DefaultDeadline is {options.DefaultDeadline}; it must be more than zero, or null.");
        if (options.PrefixCacheBytes < 0) errors.Add($"TextGeneratorOptions.PrefixCacheBytes is {options.PrefixCacheBytes}; it must be 0 or more.");
        if (options.PrefixCacheFolder is { } folder && string.IsNullOrWhiteSpace(folder)) errors.Add("TextGeneratorOptions.PrefixCacheFolder is empty; name a folder, or null for none.");
        if (options.KeptConversationBytes < 0) errors.Add($"TextGeneratorOptions.KeptConversationBytes is {options.KeptConversationBytes}; it must be 0 or more.");
        if (options.KeptConversationBytes > 0 && options.PrefixCacheFolder is null) errors.Add("TextGeneratorOptions.KeptConversationBytes needs TextGeneratorOptions.PrefixCacheFolder; name a folder, or keep no conversations.");
        if (options.KeptConversationBytes > 0 && options.PrefixCacheBytes == 0) errors.Add("TextGeneratorOptions.KeptConversationBytes needs TextGeneratorOptions.PrefixCacheBytes over 0, into which conversations are read.");
        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > _longestDrain) errors.Add($"TextGeneratorOptions.DrainTimeout is {options.DrainTimeout}; it must be zero to 1 h.");
        if (options.PinnedPrompts.Any(string.IsNullOrEmpty)) errors.Add("TextGeneratorOptions.PinnedPrompts has an empty one.");
        if (options.PinnedTokens.Any(tokens => tokens.IsEmpty)) errors.Add("TextGeneratorOptions.PinnedTokens has an empty one.");
        return errors;
    }
}
