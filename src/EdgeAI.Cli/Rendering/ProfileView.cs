using System.Globalization;
using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>What was measured on a device, for people.</summary>
internal static class ProfileView
{
    public static void Render(IAnsiConsole console, string device, ProfileReport profile)
    {
        console.Write(new Text(string.Create(CultureInfo.InvariantCulture, $"\n{device}, measured {profile.MeasuredAt:yyyy-MM-dd HH:mm} UTC with {profile.Versions}, {Quantities.Plural(profile.Threads, "thread")}\n")));
        console.Write(General(profile));
        if (profile.Gemm.Count > 0) console.Write(Gemm(profile));
        if (profile.Operators.Count > 0) console.Write(Operators(profile));
        if (profile.Unstable.Count > 0) console.Write(new Text($"Unstable: {string.Join(", ", profile.Unstable)}\n", new Style(Color.Yellow)));
        foreach (var missing in profile.Missing) console.Write(new Text($"Missing: {PlainText.Clean(missing)}\n", new Style(Color.Yellow)));
    }

    private static Table General(ProfileReport profile)
    {
        var table = Tables.Create("Figure", "Value").AlignRight(1);
        table.Row("Read bandwidth, best", Rate(profile.ReadBandwidth) + (profile.ReadThreads is { } threads ? $" ({Quantities.Plural(threads, "thread")})" : ""));
        table.Row("Read bandwidth, median", Rate(profile.MedianReadBandwidth));
        foreach (var rate in profile.ReadRates) table.Row($"Reading {Quantities.Bytes(rate.Bytes)}", Rate(rate.BytesPerSecond));
        table.Row("Cost of a run", Microseconds(profile.RunOverheadUs)).Row("Cost of a node", Microseconds(profile.NodeOverheadUs));
        foreach (var (name, cost) in profile.NodeOverheadsUs) table.Row($"Cost of a node {name}", Microseconds(cost));
        if (profile.TransferBandwidth is not null) table.Row("Copy to the device", Rate(profile.TransferBandwidth)).Row("Cost of a copy", Microseconds(profile.TransferOverheadUs));
        if (profile.SustainedRatio is { } ratio) table.Row("Sustained after a minute", ratio.ToString("P0", CultureInfo.InvariantCulture));
        return table;
    }

    private static Table Gemm(ProfileReport profile)
    {
        int[] rows = [.. profile.Gemm.Select(rate => rate.Rows).Distinct().Order()];
        var table = Tables.Create(["Matrix product, Gflop/s", .. rows.Select(row => Quantities.Plural(row, "row"))]).AlignRight([.. Enumerable.Range(1, rows.Length)]);
        foreach (var type in profile.Gemm.GroupBy(rate => rate.Type))
        {
            table.Row([type.Key, .. rows.Select(row => type.FirstOrDefault(rate => rate.Rows == row) is { } rate ? Quantities.Significant(rate.Flops / 1e9) : null)]);
        }

        return table;
    }

    private static Table Operators(ProfileReport profile)
    {
        var table = Tables.Create("Operator", "Rows", "Gflop/s", "GB/s").AlignRight(1, 2, 3);
        foreach (var rate in profile.Operators) table.Row(rate.Operator, Quantities.Count(rate.Rows), rate.Flops > 0 ? Quantities.Significant(rate.Flops / 1e9) : null, Quantities.Significant(rate.BytesPerSecond / 1e9));
        return table;
    }

    private static string Rate(double? bytesPerSecond) => bytesPerSecond is { } rate ? $"{Quantities.Significant(rate / 1e9)} GB/s" : "-";

    private static string Microseconds(double? microseconds) => microseconds is { } cost ? $"{Quantities.Significant(cost)} us" : "-";
}
