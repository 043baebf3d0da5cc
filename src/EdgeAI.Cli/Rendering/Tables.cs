using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Tables as every verb shows them. Cells are plain text: names from models and files are never read as markup.</summary>
internal static class Tables
{
    public static Table Create(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        return table;
    }

    public static Table Row(this Table table, params ReadOnlySpan<string?> cells)
    {
        var texts = new List<Text>();
        foreach (var cell in cells) texts.Add(new Text(PlainText.Clean(cell ?? "-")));
        return table.AddRow(texts);
    }

    public static Table AlignRight(this Table table, params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns) table.Columns[column].Alignment = Justify.Right;
        return table;
    }
}
