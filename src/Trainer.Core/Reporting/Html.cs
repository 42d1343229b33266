using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Trainer.Core.Reporting;

/// <summary>
/// HTML markup. Text becomes markup only through <see cref="Of"/>, which escapes it, so a file's name can't inject markup.
/// </summary>
internal readonly record struct Html(string Markup)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Empty markup.</summary>
    public static Html None { get; } = new("");

    /// <summary>
    /// Makes markup from an interpolated string. Literal parts are used as they are; interpolated values are escaped unless they are
    /// <see cref="Html"/>.
    /// </summary>
    public static Html Of(ref Text text) => new(text.ToString());

    /// <summary>Joins parts in order.</summary>
    public static Html All(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Markup)));

    /// <inheritdoc/>
    public override string ToString() => Markup;

    /// <summary>The interpolated string handler of <see cref="Of"/>.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Text(int literalLength, int formattedCount)
    {
        private readonly StringBuilder text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string markup) => text.Append(markup);

        public void AppendFormatted(Html markup) => text.Append(markup.Markup);

        public void AppendFormatted(IEnumerable<Html> markup)
        {
            foreach (var part in markup)
            {
                text.Append(part.Markup);
            }
        }

        public void AppendFormatted(string? words) => text.Append(Encoder.Encode(words ?? ""));

        public void AppendFormatted(int number) => text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number, string format) => text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => text.ToString();
    }
}
