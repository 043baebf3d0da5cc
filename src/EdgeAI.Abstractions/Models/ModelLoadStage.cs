namespace EdgeAI;

/// <summary>The steps of loading a model, in order.</summary>
public enum ModelLoadStage
{
    /// <summary>The file is read and checked.</summary>
    Reading,

    /// <summary>The devices are asked whether they can take it.</summary>
    SelectingDevice,

    /// <summary>Sessions are opened on the chosen device.</summary>
    OpeningSessions,

    /// <summary>The model is run once on zeros.</summary>
    WarmingUp,

    /// <summary>Requests are answered.</summary>
    Ready,
}
