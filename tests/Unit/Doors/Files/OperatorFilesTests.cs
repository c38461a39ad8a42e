using System.IO.Pipes;
using Reeve.Authority;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Files;

public sealed class OperatorFilesTests
{
    [Fact]
    public void A_pipe_is_read_to_its_end()
    {
        var ours = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var theirs = ours.ClientSafePipeHandle;
        ours.Write("allow Bash(make)"u8);
        ours.Dispose();

        Assert.Equal(
            "allow Bash(make)"u8.ToArray(),
            OperatorFiles.Read($"/proc/self/fd/{theirs.DangerousGetHandle()}", 100, "file"));
    }

    [Fact]
    public void What_says_that_it_is_empty_is_read_all_the_same()
    {
        Assert.NotEmpty(OperatorFiles.Read("/proc/version", 10_000, "file"));
        Assert.Equal(
            "file.too_large",
            Assert.Throws<ProblemException>(() => OperatorFiles.Read("/dev/zero", 10_000, "file")).Problem.Code);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void One_byte_too_many_is_refused(int more, bool isRefused)
    {
        var path = Path.GetTempFileName();

        try
        {
            File.WriteAllBytes(path, new byte[100 + more]);
            var read = Record.Exception(() => OperatorFiles.Read(path, 100, "file"));
            Assert.Equal(isRefused, read is ProblemException { Problem.Code: "file.too_large" });
        }
        finally
        {
            File.Delete(path);
        }
    }
}
