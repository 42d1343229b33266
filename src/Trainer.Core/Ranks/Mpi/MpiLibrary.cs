using System.Runtime.InteropServices;
using Trainer.Core.Platform;

namespace Trainer.Core.Ranks.Mpi;

/// <summary>The machine's MPI: where its functions are, and what its constants are called.</summary>
/// <remarks>
/// MPI's functions are the same everywhere, but until MPI 5 each family has its own constants: Open MPI exports them as symbols, MPICH's
/// family (MPICH, Intel MPI, MVAPICH, Cray) has fixed numbers. All of them fit into a native integer. docs/decisions/0035 says why this
/// isn't a package.
/// </remarks>
/// <param name="Handle">The loaded library.</param>
/// <param name="Name">Its file.</param>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Bytes">MPI_BYTE.</param>
internal sealed partial record MpiLibrary(nint Handle, string Name, nint World, nint Bytes)
{
    /// <summary>Names a library that isn't found by its usual names.</summary>
    public const string PathVariable = "TRAINER_MPI_LIBRARY";

    private const nint WorldOfMpich = 0x44000000, BytesOfMpich = 0x4c00010d; // mpi.h of MPICH's ABI
    private static readonly string[] OpenMpi = ["libmpi.so.40", "libmpi.so.20"];
    private static readonly string[] Mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.so"];

    /// <summary>Loads the library that belongs to the launcher, else the first that is there.</summary>
    /// <exception cref="TrainerException">There is none.</exception>
    public static MpiLibrary Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new TrainerException("--distributed mpi works on Linux only. Leave it out to train with this machine alone.");
        }

        NativeEnvironment.Prepare();
        string[] names = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? [path] : Launcher.IsOpenMpis
            ? [.. OpenMpi, .. Mpich] : [.. Mpich, .. OpenMpi];
        foreach (var name in names)
        {
            if (Open(name, Now | Global) is not 0 and var handle)
            {
                return NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out var world)
                    ? new(handle, name, world, NativeLibrary.GetExport(handle, "ompi_mpi_byte"))
                    : new(handle, name, WorldOfMpich, BytesOfMpich);
            }
        }

        throw new TrainerException(
            $"There is no MPI library on this machine (looked for {string.Join(", ", names)}). Install Open MPI or MPICH, on Debian and "
            + "Ubuntu 'apt-get install openmpi-bin', "
            + $"or name its library in {PathVariable}.");
    }

    /// <summary>Address of one of its functions.</summary>
    public nint Function(string name) => NativeLibrary.GetExport(Handle, name);

    private const int Now = 2, Global = 0x100; // RTLD_NOW, and RTLD_GLOBAL: Open MPI's parts look for its symbols among the program's

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string name, int flags);
}
