namespace EdgeAI.Generation;

/// <summary>The conversations that earlier starts have left on disk.</summary>
internal static class KeptConversations
{
    /// <summary>Reads as many as there is memory for, those used last first, and has the engine's own kept from now on. Does nothing where the host does not want that.</summary>
    /// <param name="engine">Gets them.</param>
    /// <param name="options">What the host wants.</param>
    /// <param name="format">Of the files.</param>
    /// <param name="timeProvider">The time.</param>
    /// <param name="notKept">Told why one could not be kept.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static void Load(DecodingEngine engine, TextGeneratorOptions options, Lazy<PrefixFormat> format, TimeProvider timeProvider, Action<string> notKept, CancellationToken cancellationToken)
    {
        if (options is not { PrefixCacheFolder: { } path, KeptConversationBytes: > 0 }) return;
        var folder = new ConversationFolder(path, format.Value, options.KeptConversationBytes, timeProvider);
        foreach (var entry in folder.Read(options.PrefixCacheBytes))
        {
            engine.Restore(entry);
            cancellationToken.ThrowIfCancellationRequested();
        }

        engine.Conversations = new ConversationKeeper(folder, notKept);
    }
}
