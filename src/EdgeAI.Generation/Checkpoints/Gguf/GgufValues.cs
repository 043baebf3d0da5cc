namespace EdgeAI.Generation;

/// <summary>Reads values of GGUF metadata.</summary>
internal static class GgufValues
{
    /// <summary>Reads a value: whole numbers as long or ulong, floats as double, bool, string, or an array of these.</summary>
    public static object Read(GgufCursor cursor, string key)
    {
        var type = ReadType(cursor, key);
        if (type != GgufValueType.Array) return ReadScalar(cursor, type, key);

        var elementType = ReadType(cursor, key);
        var count = cursor.RequireElements(cursor.ReadUInt64(), MinBytes(elementType, cursor, key));
        return elementType switch
        {
            GgufValueType.String => ReadArray(cursor, count, static (cursor, _) => cursor.ReadString(), elementType),
            GgufValueType.Bool => ReadArray(cursor, count, static (cursor, _) => cursor.ReadByte() != 0, elementType),
            GgufValueType.Float32 or GgufValueType.Float64 => ReadArray(cursor, count, static (cursor, type) => ReadFloat(cursor, type), elementType),
            _ => ReadArray(cursor, count, static (cursor, type) => ReadInteger(cursor, type), elementType),
        };
    }

    private static T[] ReadArray<T>(GgufCursor cursor, int count, Func<GgufCursor, GgufValueType, T> read, GgufValueType type)
    {
        var array = new T[count];
        for (var i = 0; i < array.Length; i++) array[i] = read(cursor, type);
        return array;
    }

    private static object ReadScalar(GgufCursor cursor, GgufValueType type, string key) => type switch
    {
        GgufValueType.String => cursor.ReadString(),
        GgufValueType.Bool => cursor.ReadByte() switch { 0 => false, 1 => true, var other => throw cursor.Bad($"has {other} for a truth value in '{Shown.Name(key)}'") },
        GgufValueType.Float32 or GgufValueType.Float64 => ReadFloat(cursor, type),
        _ => ReadInteger(cursor, type),
    };

    private static double ReadFloat(GgufCursor cursor, GgufValueType type) =>
        type == GgufValueType.Float32 ? BitConverter.UInt32BitsToSingle(cursor.ReadUInt32()) : BitConverter.UInt64BitsToDouble(cursor.ReadUInt64());

    /// <summary>A number past the range of long is given as the largest long: none that we use comes near.</summary>
    private static long ReadInteger(GgufCursor cursor, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => cursor.ReadByte(),
        GgufValueType.Int8 => (sbyte)cursor.ReadByte(),
        GgufValueType.UInt16 => cursor.ReadUInt16(),
        GgufValueType.Int16 => (short)cursor.ReadUInt16(),
        GgufValueType.UInt32 => cursor.ReadUInt32(),
        GgufValueType.Int32 => (int)cursor.ReadUInt32(),
        GgufValueType.UInt64 => (long)ulong.Min(cursor.ReadUInt64(), long.MaxValue),
        GgufValueType.Int64 => (long)cursor.ReadUInt64(),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static GgufValueType ReadType(GgufCursor cursor, string key)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        return type <= GgufValueType.Float64 ? type : throw cursor.Bad($"has metadata '{Shown.Name(key)}' of type {(uint)type}, which the format does not have");
    }

    private static int MinBytes(GgufValueType elementType, GgufCursor cursor, string key) => elementType switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.Array => throw cursor.Bad($"has metadata '{Shown.Name(key)}' with an array of arrays, which no model uses"),
        _ => 8,
    };
}
