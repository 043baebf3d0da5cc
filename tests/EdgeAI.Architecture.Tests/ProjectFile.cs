using System.Xml.Linq;

namespace EdgeAI.Architecture;

/// <summary>What a project file of src references.</summary>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Directory.GetFiles(Repository.Source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];

    private static ProjectFile Read(string path)
    {
        var xml = XDocument.Load(path);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            Path.GetDirectoryName(path)!,
            [.. xml.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))],
            [.. xml.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)]);
    }
}
