namespace EdgeAI.Onnx.Tests;

/// <summary>Finds the real models that lie beside the repository; a user's clone has none.</summary>
internal static class SharedModels
{
    public static string? Folder { get; } = Find();

    public static IEnumerable<string> OnnxFiles => Folder is null ? [] : Directory.EnumerateFiles(Folder, "*.onnx", SearchOption.AllDirectories).Order();

    public static string Require(string path)
    {
        if (Folder is null) Assert.Inconclusive("The folder 'shared/models' is not beside this repository; the test needs its models.");
        return Path.Combine(Folder, path);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "shared", "models");
            if (Directory.Exists(models)) return models;
        }

        return null;
    }
}
