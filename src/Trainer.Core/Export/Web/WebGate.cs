namespace Trainer.Core.Export.Web;

/// <summary>The page's gate.json: what the page knows about its gate besides the model.</summary>
/// <param name="Name">Name of the subject, for people.</param>
/// <param name="Model">The model's file name.</param>
/// <param name="Size">Edge of the network's input in pixels; the page passes pictures of at least twice that size.</param>
/// <param name="Threshold">Cosine from which a picture is accepted.</param>
/// <param name="PromisedAcceptRate">Share of the subject's pictures that the gate should accept, 0 to 1.</param>
/// <param name="Precision">The model's precision: "fp32", "int8".</param>
/// <param name="CentroidSha256">Identifies the gate.</param>
/// <param name="Offline">True if the page should store itself for use without a network.</param>
public sealed record WebGate(
    string Name,
    string Model,
    int Size,
    float Threshold,
    double PromisedAcceptRate,
    string Precision,
    string CentroidSha256,
    bool Offline);
