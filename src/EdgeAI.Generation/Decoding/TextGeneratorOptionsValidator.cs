using Microsoft.Extensions.Options;

namespace EdgeAI.Generation;

internal sealed class TextGeneratorOptionsValidator : IValidateOptions<TextGeneratorOptions>
{
    public ValidateOptionsResult Validate(string? name, TextGeneratorOptions options) =>
        options.Threads is < 1 or > 1024 ? ValidateOptionsResult.Fail($"Text generator '{name}': TextGeneratorOptions.Threads is {options.Threads}; it must be 1 to 1024, or null.") : ValidateOptionsResult.Success;
}
