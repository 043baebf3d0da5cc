namespace EdgeAI.Tests;

/// <summary>The folder of real models that lies beside some checkouts. Compiled into every test project.</summary>
internal static class SharedData
{
    /// <summary>The full path of a file below <c>shared/</c>; ends the test as inconclusive where there is none.</summary>
    public static string Require(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(shared, "models"))) return Path.Combine(shared, relative);
        }

        Assert.Inconclusive($"needs shared/{relative}, which a plain clone does not have");
        return "";
    }
}
