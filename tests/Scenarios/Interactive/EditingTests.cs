using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>What is typed, pasted and completed at the prompt, on the real command in a pseudo terminal.</summary>
public sealed class EditingTests
{
    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_paste_of_three_lines_does_not_submit()
    {
        using var table = new ReeveTable("", Says("Heard."));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Paste("one\r\n/quit\r\nthree");
        await reeve.UntilAsync(() => reeve.Lines.Contains("  three"), "the third line");
        Assert.DoesNotContain("run ", reeve.Text, StringComparison.Ordinal);

        reeve.Type("\r");
        await reeve.SeesAsync("Heard.");
        reeve.Enter("/quit");
        Assert.Equal(0, await reeve.EndAsync());
        var shown = await table.RunAsync(TestContext.Current.CancellationToken, "show", "--json");
        Assert.Equal("one\n/quit\nthree", shown.Json.GetProperty("goal").GetString());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Keys_edit_by_characters_words_and_lines_as_a_person_sees_them()
    {
        using var table = new ReeveTable("", Says("Heard."));
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        // Wide, combining and joined characters are one step each.
        reeve.Type("日本e\u0301x\u001b[D\u001b[D\u001b[D!");
        await reeve.PromptsAsync("日!本e\u0301x");
        Assert.Equal(5, reeve.Cursor.Column);

        reeve.Type("\u0001two words \u0005 end\u0017\u0017");
        await reeve.PromptsAsync("two words");
        reeve.Type("\u0015gone\u0015\u0019\u0019");
        await reeve.PromptsAsync("gonegone");
        reeve.Type("\u0015first\u001b\rsecond\\\rthird");
        await reeve.UntilAsync(
            () => string.Join('|', reeve.Lines).Contains("› first|  second|  third", StringComparison.Ordinal),
            "three lines");
        reeve.Type("\u0003");
        await reeve.SeesAsync("Ctrl-C once more leaves");
        reeve.Type("\u0003");
        Assert.Equal(0, await reeve.EndAsync());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task History_is_kept_bounded_for_its_owner_alone_and_without_secrets()
    {
        using var table = new ReeveTable("", Says("Heard."), Says("Heard again."));
        const string Secret = "ghp_0123456789abcdefghijklmnopqrstuvwxAB";

        using (var reeve = table.Sit())
        {
            await reeve.PromptsAsync("");
            reeve.Enter("/cost");
            await reeve.SeesAsync("session");
            reeve.Enter($"/model {Secret}");
            await reeve.SeesAsync("✗ model");
            reeve.Type("\u0015\u0004");
            Assert.Equal(0, await reeve.EndAsync());
        }

        var kept = Path.Join(table.Home, "history");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(kept), StringComparison.Ordinal);

        using var again = table.Sit();
        await again.PromptsAsync("");
        again.Type("\u001b[A\u001b[A");
        await again.PromptsAsync("/cost");
        again.Type("\u0015\u0012co");
        await again.SeesAsync("search co: /cost");
        again.Type("\r\r\u0004");
        Assert.Equal(0, await again.EndAsync());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Tab_completes_commands_modes_and_files_of_the_folder_only()
    {
        using var table = new ReeveTable("");
        Directory.CreateDirectory(Path.Join(table.Workspace, "src"));
        await File.WriteAllTextAsync(Path.Join(table.Workspace, "src", "unusual-name.txt"), "x");
        using var reeve = table.Sit();
        await reeve.PromptsAsync("");

        reeve.Type("/perm\t");
        await reeve.PromptsAsync("/permissions");
        reeve.Type("\u0015/mode acc\t");
        await reeve.PromptsAsync("/mode acceptEdits");
        reeve.Type("\u0015/mode \t");
        await reeve.SeesAsync("dontAsk  manual");
        reeve.Type("\u0015/model scr\t");
        await reeve.PromptsAsync($"/model scripted/{table.Script}");
        reeve.Type("\u0015see @sr\t\t");
        await reeve.PromptsAsync("see @src/unusual-name.txt");
        reeve.Type("\u0015@../\t");
        await reeve.SeesAsync("nothing begins like this");
        Assert.DoesNotContain("script.json", string.Join('\n', reeve.Lines.TakeLast(30).Where(
            line => line.Contains("@..", StringComparison.Ordinal))), StringComparison.Ordinal);
        reeve.Type("\u0015\u0004");
        Assert.Equal(0, await reeve.EndAsync());
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_narrow_and_a_resized_terminal_keep_the_prompt_whole()
    {
        using var table = new ReeveTable("");
        using var reeve = table.Sit(columns: 24, rows: 12);
        await reeve.PromptsAsync("");

        reeve.Type("abcdefghij klmnopqrst uvwxyz");
        await reeve.UntilAsync(
            () => string.Concat(reeve.Lines.Select(line => line.TrimStart('›', ' '))).Contains(
                "abcdefghij klmnopqrst uvwxyz", StringComparison.Ordinal), "both rows");
        reeve.Resize(100, 12);
        await reeve.UntilAsync(
            () => reeve.Raw.Contains("› abcdefghij klmnopqrst uvwxyz", StringComparison.Ordinal), "one row");
        reeve.Type("\u0003\u0003");
        Assert.Equal(0, await reeve.EndAsync());
    }
}
