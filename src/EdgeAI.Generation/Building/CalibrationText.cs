namespace EdgeAI.Generation;

/// <summary>A text of many kinds, as assistants read and write them.</summary>
internal static class CalibrationText
{
    public const string Value = """
        The kettle had just begun to sing when Martha heard the gate. She put down her book, wiped her hands, and went to the window: three men in long coats were coming up the path, slowly, as if they were counting their steps.
        "You are early," she said. "We did not expect anyone before the evening train."

        User: How do I keep tomatoes fresh for longer?
        Assistant: Leave them at room temperature, stem side down, and out of the sun. Once they are ripe, you can put them in the refrigerator for two or three days; take them out an hour before you eat them.
        1. Do not wash them before storing.
        2. Keep them apart, so that air can reach each one.

        def median(values: list[float]) -> float:
            ordered = sorted(values)
            middle = len(ordered) // 2
            return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

        {"name": "pump-7", "state": "running", "rpm": 1450, "alarms": [], "temperature": 61.5, "since": "2024-03-18T07:42:10Z"}

        | station | trains | late |
        |---|---|---|
        | North | 128 | 7 |
        | Harbour | 96 | 11 |

        Die Brücke wurde 1897 gebaut und ist 214 Meter lang. Wer sie heute überquert, sieht im Westen die alten Speicher. La lumière du matin entrait par la fenêtre ouverte. El informe final se entregará el próximo jueves.
        今天的会议改到下午三点。Привет, как дела? 明日は雨が降るそうです。 مرحبا بكم.

        If x + 3 = 10, then x = 7, and 7 * 12 = 84. Water boils at 100 °C at sea level; at 2,000 m it boils at about 93 °C.
        """;
}
