using HotDog;

namespace WebApi;

/// <summary>Every error is answered with ProblemDetails. Those of the request say what is wrong with it.</summary>
internal static class ErrorsAsProblems
{
    public static void AddErrorsAsProblems(this IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.Exception is { } error && StatusOf(error) < StatusCodes.Status500InternalServerError)
                context.ProblemDetails.Detail = error.Message;
        });
    }

    public static void UseErrorsAsProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StatusOf,
            SuppressDiagnosticsCallback = context => StatusOf(context.Exception) < StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
    }

    private static int StatusOf(Exception error) => error switch
    {
        PhotographException => StatusCodes.Status400BadRequest,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };
}
