using Microsoft.Extensions.Options;

namespace EdgeAI.Configuration;

/// <summary>Reports every model option that is out of range, with the model's key.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var errors = Check(options);
        if (errors.Count == 0) return ValidateOptionsResult.Success;
        return ValidateOptionsResult.Fail(string.IsNullOrEmpty(name) ? errors : errors.Select(error => $"Model '{name}': {error}"));
    }

    public static List<string> Check(ModelOptions options)
    {
        var errors = new List<string>();
        if (options.MaxDevices < 1) errors.Add($"ModelOptions.MaxDevices is {options.MaxDevices}; it must be 1 or more, or null.");
        if (options.ParityTolerance is { } tolerance && !(tolerance is > 0 and <= 1)) errors.Add($"ModelOptions.ParityTolerance is {tolerance}; it must be over 0 to 1, or null.");
        if (options.Lanes is < 1 or > 256) errors.Add($"ModelOptions.Lanes is {options.Lanes}; it must be 1 to 256, or null.");
        if (options.ThreadsPerLane is < 1 or > 1024) errors.Add($"ModelOptions.ThreadsPerLane is {options.ThreadsPerLane}; it must be 1 to 1024, or null.");
        if (options.MaxQueueLength is < 1 or > 1_000_000) errors.Add($"ModelOptions.MaxQueueLength is {options.MaxQueueLength}; it must be 1 to 1,000,000, or null.");
        if (options.DefaultDeadline <= TimeSpan.Zero) errors.Add($"ModelOptions.DefaultDeadline is {options.DefaultDeadline}; it must be more than zero, or null.");
        if (options.MaxBatch is < 1 or > 65_536) errors.Add($"ModelOptions.MaxBatch is {options.MaxBatch}; it must be 1 to 65,536, or null.");
        if (!Enum.IsDefined(options.Goal)) errors.Add($"ModelOptions.Goal is {options.Goal}; it must be Balanced, Latency or Throughput.");
        if (!Enum.IsDefined(options.BatchWait)) errors.Add($"ModelOptions.BatchWait is {options.BatchWait}; it must be None, Fixed or Learned.");
        if (options.MaxBatchWait < TimeSpan.Zero || options.MaxBatchWait > TimeSpan.FromSeconds(1)) errors.Add($"ModelOptions.MaxBatchWait is {options.MaxBatchWait}; it must be zero to 1 s.");
        if (options.MaxQueueDelay <= TimeSpan.Zero) errors.Add($"ModelOptions.MaxQueueDelay is {options.MaxQueueDelay}; it must be more than zero, or null.");
        if (options.RunTimeout <= TimeSpan.Zero) errors.Add($"ModelOptions.RunTimeout is {options.RunTimeout}; it must be more than zero, or null.");
        foreach (var (tensor, axis) in options.BatchAxes)
        {
            if (axis < 0) errors.Add($"ModelOptions.BatchAxes['{tensor}'] is {axis}; axes count from 0.");
        }

        foreach (var shapes in options.ProfileShapes)
        {
            foreach (var (input, lengths) in shapes)
            {
                if (lengths is null || lengths.Any(length => length < 1)) errors.Add($"ModelOptions.ProfileShapes has a shape for '{input}' with a length below 1.");
            }
        }

        foreach (var (axis, length) in options.FreeDimensionOverrides)
        {
            if (length < 1) errors.Add($"ModelOptions.FreeDimensionOverrides['{axis}'] is {length}; it must be 1 or more.");
        }

        foreach (var root in options.ExternalDataRoots)
        {
            if (string.IsNullOrWhiteSpace(root)) errors.Add("ModelOptions.ExternalDataRoots has an empty folder.");
        }

        return errors;
    }
}
