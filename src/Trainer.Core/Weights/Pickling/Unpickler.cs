using System.Numerics;

namespace Trainer.Core.Weights.Pickling;

/// <summary>Reads the pickles that <c>torch.save</c> writes, without running any code that they ask for.</summary>
/// <remarks>
/// The opcodes are those of CPython's <see href="https://docs.python.org/3/library/pickletools.html"/>, protocols 2 to 5.
/// Values become null, bool, long, BigInteger, double, string, byte[], object?[] (tuple), List (list), <see cref="PickleDict"/>,
/// <see cref="PickledStorage"/> and <see cref="PickledTensor"/>. Each opcode pushes at most one value, so stack and memo
/// never hold more values than the pickle has bytes. Nothing is recursive.
/// </remarks>
internal sealed class Unpickler
{
    internal const byte OldestProtocol = 2;
    internal const byte NewestProtocol = 5;

    private readonly string fileName;
    private readonly PickleBytes bytes;
    private readonly PickleStack stack;
    private readonly Dictionary<int, object?> memo = [];
    private readonly List<PickledStorage> storages = [];

    private Unpickler(ReadOnlyMemory<byte> pickle, string fileName, int start)
    {
        this.fileName = fileName;
        bytes = new PickleBytes(pickle, fileName, start);
        stack = new PickleStack(bytes);
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="bytes">Bytes that contain the pickle; others may follow it.</param>
    /// <param name="fileName">The file's name in errors.</param>
    /// <param name="start">Index of the pickle's first byte.</param>
    /// <exception cref="TrainerException">
    /// The pickle is damaged, or refers to a global that isn't in <see cref="PickleGlobals"/>.
    /// </exception>
    public static Unpickled Load(ReadOnlyMemory<byte> bytes, string fileName, int start = 0) => new Unpickler(bytes, fileName, start).Run();

    private Unpickled Run()
    {
        while (true)
        {
            var opcode = bytes.Byte();
            if (opcode == '.') // STOP
            {
                return new Unpickled(stack.Pop(), bytes.Position, storages);
            }

            if (!PushPlain(opcode) && !Gather(opcode) && !Refer(opcode))
            {
                throw bytes.Damaged($"has opcode 0x{opcode:x2}, which torch.save doesn't write under Python 3");
            }
        }
    }

    // Opcodes that push a value or only change the stack.
    private bool PushPlain(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: RefuseProtocol(bytes.Byte()); break; // PROTO
            case 0x95: bytes.Take(8); break; // FRAME: a length that only a streaming reader needs
            case (byte)'N': stack.Push(null); break;
            case 0x88: stack.Push(true); break;
            case 0x89: stack.Push(false); break;
            case (byte)'K': stack.Push((long)bytes.Byte()); break; // BININT1
            case (byte)'M': stack.Push((long)bytes.UInt16()); break; // BININT2
            case (byte)'J': stack.Push((long)bytes.Int32()); break; // BININT
            case 0x8a: PushWhole(bytes.Take(bytes.Byte())); break; // LONG1
            case (byte)'G': stack.Push(bytes.Double()); break; // BINFLOAT
            case (byte)'X': stack.Push(bytes.Text((uint)bytes.Int32())); break; // BINUNICODE
            case 0x8c: stack.Push(bytes.Text(bytes.Byte())); break; // SHORT_BINUNICODE
            case (byte)'B': stack.Push(bytes.Take((uint)bytes.Int32()).ToArray()); break; // BINBYTES
            case (byte)'C': stack.Push(bytes.Take(bytes.Byte()).ToArray()); break; // SHORT_BINBYTES
            case (byte)')': stack.Push(Array.Empty<object?>()); break;
            case (byte)']': stack.Push(new List<object?>()); break;
            case (byte)'}': stack.Push(new PickleDict()); break;
            case (byte)'(': stack.Mark(); break;
            case (byte)'0': stack.Pop(); break;
            case (byte)'1': stack.PopToMark(); break;
            default: return false;
        }

        return true;
    }

    // Opcodes that put values into a tuple, a list or a dict.
    private bool Gather(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'t': stack.Push(stack.PopToMark()); break; // TUPLE
            case 0x85: stack.Push(stack.Pop(1)); break; // TUPLE1
            case 0x86: stack.Push(stack.Pop(2)); break;
            case 0x87: stack.Push(stack.Pop(3)); break;
            case (byte)'a': Append(stack.Pop(1)); break; // APPEND
            case (byte)'e': Append(stack.PopToMark()); break; // APPENDS
            case (byte)'s': SetItems(stack.Pop(2)); break; // SETITEM
            case (byte)'u': SetItems(stack.PopToMark()); break; // SETITEMS
            case (byte)'b': // BUILD: sets attributes of a dict, such as a state dict's _metadata; they aren't needed
                stack.Pop();
                stack.Peek<PickleDict>();
                break;
            default: return false;
        }

        return true;
    }

    // Opcodes that refer to the memo, a global or a storage.
    private bool Refer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'q': memo[bytes.Byte()] = stack.Peek(); break; // BINPUT
            case (byte)'r': memo[bytes.Int32()] = stack.Peek(); break; // LONG_BINPUT
            case 0x94: memo[memo.Count] = stack.Peek(); break; // MEMOIZE
            case (byte)'h': stack.Push(Recall(bytes.Byte())); break; // BINGET
            case (byte)'j': stack.Push(Recall(bytes.Int32())); break; // LONG_BINGET
            case (byte)'c': stack.Push(Global(bytes.Line(), bytes.Line())); break; // GLOBAL
            case 0x93: PushStackGlobal(); break; // STACK_GLOBAL
            case (byte)'R': PushCall(); break; // REDUCE
            case (byte)'Q': PushStorage(); break; // BINPERSID
            default: return false;
        }

        return true;
    }

    private void RefuseProtocol(byte protocol)
    {
        if (protocol is < OldestProtocol or > NewestProtocol)
        {
            throw bytes.Damaged($"is of pickle protocol {protocol}, expected {OldestProtocol} to {NewestProtocol}");
        }
    }

    // A number of more than 64 bits stays a BigInteger. Random seeds can be that long; shapes can't.
    private void PushWhole(ReadOnlySpan<byte> littleEndian)
    {
        var number = new BigInteger(littleEndian);
        stack.Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number);
    }

    private void PushStorage()
    {
        var storage = PickleGlobals.Storage(stack.Pop()) ?? throw bytes.Damaged("refers to something other than a storage");
        storages.Add(storage);
        stack.Push(storage);
    }

    private void Append(object?[] items) => stack.Peek<List<object?>>().AddRange(items);

    private void SetItems(object?[] items)
    {
        var dict = stack.Peek<PickleDict>();
        if (items.Length % 2 != 0)
        {
            throw bytes.Damaged("gives a dict a key without a value");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dict.Add(items[i], items[i + 1]);
        }
    }

    private object? Recall(int index) =>
        memo.TryGetValue(index, out var value) ? value : throw bytes.Damaged($"recalls value {index}, which was never stored");

    private void PushStackGlobal()
    {
        var name = stack.Pop<string>();
        stack.Push(Global(stack.Pop<string>(), name));
    }

    private object Global(string module, string name) => PickleGlobals.Find(module, name) ?? throw new TrainerException(
        $"'{fileName}' asks for '{ErrorText.Name($"{module}.{name}")}', which this reader doesn't run; "
        + "save the state dict alone with torch.save(model.state_dict(), path).");

    private void PushCall()
    {
        var arguments = stack.Pop<object?[]>();
        var function = stack.Pop();
        stack.Push(PickleGlobals.Call(function, arguments)
            ?? throw bytes.Damaged($"calls {function ?? "None"} with arguments that don't fit"));
    }
}
