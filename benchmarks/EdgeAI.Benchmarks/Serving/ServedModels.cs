namespace EdgeAI.Benchmarks.Serving;

/// <summary>The models that serving is measured on. Those that are not part of the repository are skipped where their folder is absent.</summary>
internal static class ServedModels
{
    private static readonly (string Name, string? File, Func<byte[], ServedModel> Create)[] _all =
    [
        ("digits", "samples/Quickstart/digits.onnx", bytes => new("digits", bytes, true, random => [Floats(random, "image", 0, 1, 1, 28, 28)])),
        ("silero", "../shared/models/silero-vad/silero_vad_v5.onnx", bytes => new("silero", bytes, true, Voice)
        {
            DeclaredAxes = new Dictionary<string, int> { ["input"] = 0, ["state"] = 1, ["output"] = 0, ["stateN"] = 1 },
        }),
        ("resnet50", "../shared/models/light/light_resnet50.onnx", bytes => new("resnet50", bytes, false, random => [Floats(random, "gpu_0/data_0", 0, 1, 3, 224, 224)]) { IsTelling = false }),
        ("squeezenet", "../shared/models/light/light_squeezenet.onnx", bytes => new("squeezenet", bytes, false, random => [Floats(random, "data_0", 0, 1, 3, 224, 224)]) { IsTelling = false }),
        ("conv", null, _ => new("conv", BenchmarkModels.Convolutional(), true, random => [Floats(random, "x", 0, 1, 3, 48, 192)])),
        ("mlp", null, _ => new("mlp", BenchmarkModels.Dense(2048, 3), true, random => [Floats(random, "x", 0, 1, 2048)]) { MustGain = 3 }),
    ];

    /// <summary>The names that <see cref="Open"/> knows.</summary>
    public static string Names => string.Join("|", _all.Select(model => model.Name));

    /// <summary>The models of that name, or all of them; says which are absent.</summary>
    /// <exception cref="ArgumentException">There is no such model.</exception>
    public static IEnumerable<ServedModel> Open(string? name)
    {
        var chosen = _all.Where(model => name is null || model.Name == name).ToArray();
        if (chosen.Length == 0) throw new ArgumentException($"There is no model '{name}'; there are {Names}.");
        foreach (var (known, file, create) in chosen)
        {
            if (file is null)
            {
                yield return create([]);
                continue;
            }

            var path = Path.GetFullPath(Path.Combine(Root(), file));
            if (File.Exists(path)) yield return create(File.ReadAllBytes(path));
            else Console.WriteLine($"{known}: skipped, {file} is not here.");
        }
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeAI.sln"))) folder = folder.Parent;
        return folder?.FullName ?? Environment.CurrentDirectory;
    }

    private static ModelInput[] Voice(Random random) =>
    [
        Floats(random, "input", 0, 1, 576),
        Floats(random, "state", 1, 2, 1, 128),
        new ModelInput("sr", -1, [], new long[] { 16000 }),
    ];

    private static ModelInput Floats(Random random, string name, int batchAxis, params long[] shape)
    {
        var data = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (var i = 0; i < data.Length; i++) data[i] = (2 * random.NextSingle()) - 1;
        return new ModelInput(name, batchAxis, shape, data);
    }
}
