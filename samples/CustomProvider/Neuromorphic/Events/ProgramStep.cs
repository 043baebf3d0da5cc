using EdgeAI.Samples.Neuromorphic.Layers;

namespace EdgeAI.Samples.Neuromorphic.Events;

/// <summary>A layer with the values that it reads and the one that it writes.</summary>
internal sealed record ProgramStep(Layer Layer, int[] Inputs, int Output);
