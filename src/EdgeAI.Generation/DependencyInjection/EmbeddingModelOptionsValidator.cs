using Microsoft.Extensions.Options;

namespace EdgeAI.Generation;

/// <summary>Reports every option that is out of range, with the model's key.</summary>
internal sealed class EmbeddingModelOptionsValidator : IValidateOptions<EmbeddingModelOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddingModelOptions options)
    {
        var errors = options.Check().Select(error => $"Embedding generator '{name}': {error}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
