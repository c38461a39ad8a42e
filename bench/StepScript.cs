using System.Text;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;

namespace Reeve.Bench;

/// <summary>A script of a given number of steps, each of which reads another line of one small file.</summary>
internal static class StepScript
{
    public const string File = "notes.txt";

    public static Script Of(int steps) => Script.Parse(Encoding.UTF8.GetBytes(Scripts.Of(
    [
        .. Enumerable.Range(1, steps).Select(line => Scripts.Call(
            "read", new { path = File, fromLine = line, lineCount = 1 })),
        Scripts.Finishes(),
    ])));

    public static void WriteFile(string workspace) => System.IO.File.WriteAllLines(
        Path.Combine(workspace, File), Enumerable.Range(1, 256).Select(line => $"line {line} of the notes"));
}
