"""A kernel under test and the front ends that talk to it, by jupyter_client."""

import unittest

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

# Bounds a wait for what has to come, so that a test ends where it never does.
TIMEOUT = 30


class Run:
    """What came of one execute request."""

    def __init__(self, reply, outputs):
        self.reply, self.outputs = reply, outputs

    @property
    def status(self):
        return self.reply["status"]

    def of(self, kind):
        return [m["content"] for m in self.outputs if m["msg_type"] == kind]

    def printed(self, name="stdout"):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    def value(self):
        results = self.of("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    def traceback(self):
        return "\n".join(self.reply.get("traceback", []))

    def __repr__(self):
        return f"{self.reply} {[(m['msg_type'], m['content']) for m in self.outputs]}"


class FrontEnd:
    """A client that keeps every published message until it is asked for."""

    def __init__(self, manager):
        # Not by manager.client(): its clients share a session, and with it the
        # identity by which a kernel tells front ends apart.
        self.client = BlockingKernelClient(connection_file=manager.connection_file)
        self.client.load_connection_file()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.kept = []

    def close(self):
        self.client.stop_channels()

    def published(self, match):
        """Returns the first published message that matches, and takes it away."""
        for i, msg in enumerate(self.kept):
            if match(msg):
                return self.kept.pop(i)
        while True:
            msg = self.client.get_iopub_msg(timeout=TIMEOUT)
            if match(msg):
                return msg
            self.kept.append(msg)

    def outputs(self, request):
        """Returns what was published for a request, from busy to idle."""
        of_request = lambda m: m["parent_header"].get("msg_id") == request
        first = self.published(of_request)
        assert first["content"] == {"execution_state": "busy"}, first
        messages = []
        while True:
            msg = self.published(of_request)
            if msg["msg_type"] != "status":
                messages.append(msg)
            elif msg["content"] == {"execution_state": "idle"}:
                return messages
            else:  # said again after another request was answered beside it
                assert msg["content"] == {"execution_state": "busy"}, msg

    def result(self, request):
        """Waits for the reply to an execute request and for all its outputs."""
        return Run(self.reply(request), self.outputs(request))

    def reply(self, request):
        """Waits for the content of the reply on shell to a request."""
        while True:
            msg = self.client.get_shell_msg(timeout=TIMEOUT)
            # wait_for_ready may have asked for kernel_info more than once.
            if msg["msg_type"] != "kernel_info_reply":
                assert msg["parent_header"]["msg_id"] == request, msg
                return msg["content"]

    def run(self, code, **options):
        return self.result(self.client.execute(code, **options))

    def start(self, code, **options):
        """Begins a cell that prints "running" and returns when it runs."""
        request = self.client.execute('fmt.Println("running")\n' + code, **options)
        self.published(
            lambda m: m["msg_type"] == "stream"
            and m["parent_header"]["msg_id"] == request
            and "running" in m["content"]["text"]
        )
        return request

    def control(self, kind, content):
        """Sends a request on control and returns the content of the reply."""
        msg = self.client.session.msg(kind, content)
        self.client.control_channel.send(msg)
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        assert reply["parent_header"]["msg_id"] == msg["header"]["msg_id"], reply
        return reply["content"]

    def shell(self, kind, content):
        """Sends a message for which jupyter_client has no method."""
        msg = self.client.session.msg(kind, content)
        self.client.shell_channel.send(msg)
        return msg["header"]["msg_id"]


class KernelTestCase(unittest.TestCase):
    """Gives each test a kernel of its own and one front end."""

    def setUp(self):
        self.manager = KernelManager(kernel_name="chanbook")
        self.manager.start_kernel()
        self.addCleanup(self.end)
        self.front = self.connect()

    def end(self):
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def connect(self):
        front = FrontEnd(self.manager)
        self.addCleanup(front.close)
        return front

    def ok(self, run):
        self.assertEqual(run.status, "ok", run)
        return run

    def failed(self, run):
        """Expects an error, in the reply and in exactly one output."""
        self.assertEqual(run.status, "error", run)
        errors = run.of("error")
        self.assertEqual(len(errors), 1, run)
        for name in ("ename", "evalue", "traceback"):
            self.assertEqual(errors[0][name], run.reply[name], run)
        self.assertEqual(run.printed("stderr"), "", run)
        return run

    def ended(self, pid):
        """Waits for the end of a process that need not be a child."""
        try:
            psutil.Process(pid).wait(TIMEOUT)
        except psutil.NoSuchProcess:
            pass
