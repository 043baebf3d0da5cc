namespace EdgeAI.Generation;

/// <summary>Says everything that is wrong with options.</summary>
internal static class ModelBuildOptionsValidator
{
    /// <exception cref="ArgumentException">An option is out of its range: names every one.</exception>
    public static void Validate(ModelBuildOptions options)
    {
        var problems = new List<string>();
        if (!Enum.IsDefined(options.Precision)) problems.Add($"{nameof(options.Precision)} is {options.Precision}; expected Int4, Int8 or Float32");
        if (options.BlockSize is not (32 or 128)) problems.Add($"{nameof(options.BlockSize)} is {options.BlockSize}; expected 32 or 128");
        if (options.OutputBits is not (4 or 8)) problems.Add($"{nameof(options.OutputBits)} is {options.OutputBits}; expected 4 or 8");
        if (options.ContextLength is < 1) problems.Add($"{nameof(options.ContextLength)} is {options.ContextLength}; expected 1 or more");
        if (options.Threads is < 1) problems.Add($"{nameof(options.Threads)} is {options.Threads}; expected 1 or more");
        if (options.EightBitLayers.Any(layer => layer < 0)) problems.Add($"{nameof(options.EightBitLayers)} holds a negative layer");
        if (!Enum.IsDefined(options.KeyValueCache)) problems.Add($"{nameof(options.KeyValueCache)} is {options.KeyValueCache}; expected Float32 or Int8");
        if (options.CalibrationFile is not null && string.IsNullOrWhiteSpace(options.CalibrationFile)) problems.Add($"{nameof(options.CalibrationFile)} is empty; expected a text file, or null");
        else if (options is { CalibrationFile: not null, KeyValueCache: KeyValueCacheType.Float32 }) problems.Add($"{nameof(options.CalibrationFile)} needs {nameof(options.KeyValueCache)} Int8");
        if (problems.Count > 0) throw new ArgumentException($"The model cannot be built so: {string.Join("; ", problems)}.", nameof(options));
    }
}
