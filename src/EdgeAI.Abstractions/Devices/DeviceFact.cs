namespace EdgeAI;

/// <summary>Something that a probe found out about a device, for people to read. What decisions are made from has a member of its own in <see cref="DeviceInfo"/>.</summary>
/// <param name="Name">What it is, in lower case, such as <c>l3 cache</c>.</param>
/// <param name="Value">Its value, with the unit; <see langword="null"/> where unknown, which is a normal answer.</param>
/// <param name="Source">Where it was read, such as a file or a function, or where it was looked for in vain.</param>
public sealed record DeviceFact(string Name, string? Value, string Source);
