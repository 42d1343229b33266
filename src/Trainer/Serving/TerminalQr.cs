using System.Text;
using QRCoder;

namespace Trainer.Serving;

/// <summary>A QR code drawn with characters.</summary>
internal static class TerminalQr
{
    /// <summary>Draws a link with two rows of squares per line, dark on light with its quiet zone, for terminals of any colour.</summary>
    public static IEnumerable<string> Draw(string link)
    {
        using var code = QRCodeGenerator.GenerateQrCode(link, QRCodeGenerator.ECCLevel.L);
        var rows = code.ModuleMatrix; // includes a border of 4 light squares
        for (var y = 2; y < rows.Count - 2; y += 2)
        {
            var line = new StringBuilder();
            for (var x = 2; x < rows.Count - 2; x++)
            {
                line.Append((rows[y][x], y + 1 < rows.Count && rows[y + 1][x]) switch
                {
                    (true, true) => ' ',
                    (true, false) => '▄',
                    (false, true) => '▀',
                    _ => '█',
                });
            }

            yield return line.ToString();
        }
    }
}
