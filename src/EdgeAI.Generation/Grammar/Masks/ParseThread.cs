namespace EdgeAI.Generation;

/// <summary>One way to read the text so far: a state, the characters counted in it, and the stack of returns.</summary>
internal readonly record struct ParseThread(int State, int Count, int Stack);
