using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cpu;

/// <summary>Reports every error at once.</summary>
internal sealed class CpuOptionsValidator : IValidateOptions<CpuOptions>
{
    public const int MaxParallelism = 1024;

    private static readonly TimeSpan _maxSpinDuration = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, CpuOptions options)
    {
        List<string> errors = [];
        if (!Path.IsPathRooted(options.SystemRoot)) errors.Add($"CpuOptions.SystemRoot is '{options.SystemRoot}'; it must be an absolute path, such as '/'.");
        if (options.MaxParallelism is < 1 or > MaxParallelism) errors.Add($"CpuOptions.MaxParallelism is {options.MaxParallelism}; it must be 1 to {MaxParallelism}, or null for the usable cores.");
        if (options.SpinDuration < TimeSpan.Zero || options.SpinDuration > _maxSpinDuration) errors.Add($"CpuOptions.SpinDuration is {options.SpinDuration}; it must be 0 to 1 s.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
