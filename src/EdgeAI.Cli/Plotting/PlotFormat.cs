namespace EdgeAI.Cli.Plotting;

/// <summary>What a picture is made of.</summary>
internal enum PlotFormat
{
    /// <summary>Lines and text, sharp at any size.</summary>
    Svg,

    /// <summary>Pixels.</summary>
    Png,
}
