using Microsoft.Extensions.Options;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>Finds every problem of <see cref="NeuromorphicOptions"/> at once.</summary>
internal sealed class NeuromorphicOptionsValidator : IValidateOptions<NeuromorphicOptions>
{
    public ValidateOptionsResult Validate(string? name, NeuromorphicOptions options)
    {
        var problems = new List<string>();
        if (options.MemoryBytes < 1) problems.Add($"NeuromorphicOptions.MemoryBytes is {options.MemoryBytes}; it must be 1 or more");
        if (options.CoreGroups is < 1 or > 64) problems.Add($"NeuromorphicOptions.CoreGroups is {options.CoreGroups}; it must be from 1 to 64");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
