using System.Reflection;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>Calls a generic method whose type arguments are known only when running.</summary>
internal static class GenericMethod
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    public static object Call(Type owner, string name, Type[] typeArguments, object target, params object[] arguments)
        => owner.GetMember(name, MemberTypes.Method, Any).Cast<MethodInfo>()
            .Single(method => method.GetGenericArguments().Length == typeArguments.Length)
            .MakeGenericMethod(typeArguments)
            .Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
