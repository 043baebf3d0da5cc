using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>Reads a small safetensors folder of 32-bit floats into memory.</summary>
internal static class PlainSafetensors
{
    public static MemoryCheckpoint Read(string folder)
    {
        var checkpoint = new MemoryCheckpoint(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject());
        var bytes = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        foreach (var (name, entry) in JsonNode.Parse(bytes.AsSpan(8, headerLength))!.AsObject())
        {
            if (name == "__metadata__") continue;
            var offsets = entry!["data_offsets"]!.AsArray().Select(offset => offset!.GetValue<int>()).ToArray();
            var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + headerLength + offsets[0], offsets[1] - offsets[0])).ToArray();
            checkpoint.Add(name, values, [.. entry["shape"]!.AsArray().Select(length => length!.GetValue<long>())]);
        }

        return checkpoint;
    }
}
