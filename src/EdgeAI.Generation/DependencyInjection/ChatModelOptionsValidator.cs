using Microsoft.Extensions.Options;

namespace EdgeAI.Generation;

/// <summary>Reports every option that is out of range, with the model's key.</summary>
internal sealed class ChatModelOptionsValidator : IValidateOptions<ChatModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatModelOptions options)
    {
        var errors = new List<string>();
        if (options.RememberedAnswers is < 0 or > 65_536) errors.Add($"Chat client '{name}': ChatModelOptions.RememberedAnswers is {options.RememberedAnswers}; it must be 0 to 65,536.");
        if (options.Generation is null) errors.Add($"Chat client '{name}': ChatModelOptions.Generation is null; leave the default, or set other options.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
