var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/healthz", () => "ok");
app.MapGet("/readyz", () => "ok");
await app.RunAsync();
