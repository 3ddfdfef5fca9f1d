"""What jupyter_kernel_test leaves out: input, comms, updates, silence, errors
that stop a queue, several front ends, and the end and restart of a kernel."""

import os
import signal

import psutil

from kernel_client import TIMEOUT, KernelTestCase


class InputTests(KernelTestCase):
    code = 'var name string\nfmt.Print("Name? ")\nfmt.Scanln(&name)\nfmt.Println("hello,", name)'

    def question(self, front):
        msg = front.client.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(msg["msg_type"], "input_request")
        self.assertFalse(msg["content"]["password"])
        return msg

    def test_scanln_asks_the_front_end(self):
        request = self.front.client.execute(self.code, allow_stdin=True)
        question = self.question(self.front)
        self.assertEqual(question["parent_header"]["msg_id"], request)
        self.front.client.input("Gopher")
        self.assertIn("hello, Gopher\n", self.ok(self.front.result(request)).printed())
        self.assertEqual(self.front.run("name").value(), "Gopher")

    def test_only_the_front_end_that_runs_the_cell_is_asked(self):
        other = self.connect()
        request = other.client.execute(self.code, allow_stdin=True)
        self.question(other)
        self.assertFalse(self.front.client.stdin_channel.msg_ready())
        other.client.input("Two")
        self.assertIn("hello, Two\n", self.ok(other.result(request)).printed())

    def test_an_interrupt_cancels_the_question(self):
        self.ok(self.front.run("kept := 1"))
        request = self.front.client.execute(self.code, allow_stdin=True)
        self.question(self.front)
        self.manager.interrupt_kernel()
        run = self.failed(self.front.result(request))
        self.assertIn("interrupt", run.reply["evalue"])
        self.assertNotIn("hello", run.printed())
        self.assertEqual(self.front.run("kept").value(), "1")
        # An answer that comes too late is not kept for the next question.
        self.front.client.input("late")
        request = self.front.client.execute(self.code, allow_stdin=True)
        self.question(self.front)
        self.front.client.input("in time")
        self.assertIn("hello, in\n", self.ok(self.front.result(request)).printed())

    def test_a_front_end_without_input_is_not_asked(self):
        run = self.front.run("var s string\n_, err := fmt.Scanln(&s)\nfmt.Println(err)", allow_stdin=False)
        if run.status == "ok":
            self.assertNotEqual(run.printed().strip(), "<nil>", run)
        self.assertFalse(self.front.client.stdin_channel.msg_ready())
        self.assertEqual(self.front.run("6 * 7").value(), "42")

    def test_a_compiled_cell_asks_when_it_reads(self):
        request = self.front.client.execute("%%go\n" + self.code, allow_stdin=True)
        question = self.question(self.front)
        self.assertEqual(question["parent_header"]["msg_id"], request)
        self.front.client.input("Gopher")
        self.assertIn("hello, Gopher\n", self.ok(self.front.result(request)).printed())

    def test_an_interrupt_ends_a_compiled_cell_that_asks(self):
        request = self.front.client.execute("%%go\n" + self.code, allow_stdin=True)
        self.question(self.front)
        self.manager.interrupt_kernel()
        run = self.failed(self.front.result(request))
        self.assertIn("interrupt", run.reply["evalue"])
        self.assertNotIn("hello", run.printed())
        self.assertEqual(self.front.run("40 + 2").value(), "42")


class CommTests(KernelTestCase):
    def test_a_comm_to_an_unknown_target_is_closed(self):
        self.front.shell("comm_open", {"comm_id": "c1", "target_name": "jupyter.widget", "data": {}})
        closed = self.front.published(lambda m: m["msg_type"] == "comm_close")
        self.assertEqual(closed["content"]["comm_id"], "c1")
        reply = self.front.reply(self.front.shell("comm_info_request", {}))
        self.assertEqual(reply, {"status": "ok", "comms": {}})

    def test_messages_to_a_comm_that_is_not_there_do_no_harm(self):
        for kind in ("comm_msg", "comm_close"):
            self.front.shell(kind, {"comm_id": "none", "data": {}})
        self.assertEqual(self.front.run("6 * 7").value(), "42")


class ExecuteTests(KernelTestCase):
    def test_a_display_is_updated_in_its_place(self):
        run = self.ok(self.front.run('import "chanbook/show"\nd := show.Text("0 of 2")\nd.Update("1 of 2")'))
        first, = run.of("display_data")
        self.assertEqual(first["data"]["text/plain"], "0 of 2")
        updates = run.of("update_display_data")
        updates += self.ok(self.front.run('d.Update("2 of 2")')).of("update_display_data")
        self.assertEqual([u["data"]["text/plain"] for u in updates], ["1 of 2", "2 of 2"])
        for update in updates:
            self.assertEqual(update["transient"], first["transient"])
            self.assertTrue(update["transient"]["display_id"])

    def test_silent_shows_no_sign_of_itself(self):
        before = self.ok(self.front.run("1")).reply["execution_count"]
        run = self.ok(self.front.run("quiet := 2\nquiet", silent=True))
        self.assertEqual(run.outputs, [])
        self.assertEqual(run.reply["execution_count"], before)
        after = self.ok(self.front.run("quiet"))
        self.assertEqual((after.value(), after.reply["execution_count"]), ("2", before + 1))

    def test_a_cell_out_of_history_is_not_counted(self):
        before = self.ok(self.front.run("1")).reply["execution_count"]
        self.assertEqual(self.ok(self.front.run("2", store_history=False)).value(), "2")
        self.assertEqual(self.ok(self.front.run("3")).reply["execution_count"], before + 1)
        request = self.front.client.history(raw=True, output=False, hist_access_type="tail", n=2)
        self.assertEqual([entry[2] for entry in self.front.reply(request)["history"]], ["1", "3"])

    def test_user_expressions(self):
        run = self.ok(self.front.run("x := 6", user_expressions={"good": "x * 7", "bad": "y"}))
        self.assertEqual(run.reply["user_expressions"]["good"]["data"]["text/plain"], "42")
        self.assertEqual(run.reply["user_expressions"]["bad"]["status"], "error")

    def test_output_of_a_goroutine_goes_to_its_cell(self):
        request = self.front.client.execute('told := make(chan bool)\ngo func() { <-told; fmt.Println("late") }()')
        self.ok(self.front.result(request))
        self.ok(self.front.run("close(told)"))
        late = self.front.published(lambda m: m["msg_type"] == "stream")
        self.assertEqual((late["content"]["text"], late["parent_header"]["msg_id"]), ("late\n", request))

    def test_completion_while_a_cell_runs(self):
        request = self.front.start("<-make(chan int)")
        reply = self.front.reply(self.front.client.complete("fmt.Prin"))
        self.assertEqual(set(reply["matches"]), {"Print", "Printf", "Println"})
        self.manager.interrupt_kernel()
        self.failed(self.front.result(request))


class QueueTests(KernelTestCase):
    def queue(self, code, **options):
        """Queues two cells behind one that runs, and ends that one."""
        first = self.front.client.execute(code, allow_stdin=True, **options)
        self.front.client.get_stdin_msg(timeout=TIMEOUT)
        rest = [self.front.client.execute(f"after := {n}\nafter") for n in (1, 2)]
        # Shell requests are read in order: with this answered, they are queued.
        self.front.reply(self.front.client.complete("fmt.Prin"))
        self.front.client.input("go on")
        return [self.front.result(r) for r in [first, *rest]]

    code = 'var s string\nfmt.Scanln(&s)\npanic("stop here")'

    def test_an_error_ends_the_queue(self):
        first, *rest = self.queue(self.code)
        self.failed(first)
        for run in rest:
            self.assertIn(run.status, ("error", "aborted"), run)
            self.assertEqual(run.of("execute_result"), [], run)
        self.assertEqual(self.failed(self.front.run("after")).reply["ename"], "CompileError")

    def test_stop_on_error_can_be_refused(self):
        first, *rest = self.queue(self.code, stop_on_error=False)
        self.failed(first)
        self.assertEqual([self.ok(run).value() for run in rest], ["1", "2"])


class ClientsTests(KernelTestCase):
    def test_two_front_ends_at_once(self):
        fronts = [self.front, self.connect()]
        code = 'for i := range 20 {{ fmt.Println("{0}", i) }}\n"{0}"'
        sent = []  # (who, text, request), interleaved
        for n in range(10):
            for who, front in enumerate(fronts):
                text = f"front {who} cell {n}"
                sent.append((who, text, front.client.execute(code.format(text))))
        replies = []
        for front in fronts:
            for _, _, request in (s for s in sent if fronts[s[0]] is front):
                replies.append(front.reply(request))
        self.assertEqual({r["status"] for r in replies}, {"ok"})
        self.assertEqual(len({r["execution_count"] for r in replies}), len(sent))
        # Both see all outputs, each under the request that it belongs to.
        for front in fronts:
            for who, text, request in sent:
                outputs = front.outputs(request)
                printed = "".join(m["content"]["text"] for m in outputs if m["msg_type"] == "stream")
                self.assertEqual(printed, "".join(f"{text} {i}\n" for i in range(20)))
                values = [m["content"]["data"]["text/plain"] for m in outputs if m["msg_type"] == "execute_result"]
                self.assertEqual(values, [text])
                sessions = {m["parent_header"]["session"] for m in outputs}
                self.assertEqual(sessions, {fronts[who].client.session.session})


class LifeTests(KernelTestCase):
    def test_the_kernel_survives_the_end_of_its_worker(self):
        self.ok(self.front.run('import str "strings"\ntype pair struct{ A, B int }\nfunc twice(n int) int { return 2 * n }\nconst limit = 21'))
        self.ok(self.front.run("lost, gone := 1, 2"))
        run = self.failed(self.front.run('fmt.Println("before")\nsyscall.Kill(os.Getpid(), syscall.SIGKILL)'))
        self.assertEqual(run.printed(), "before\n")
        self.assertIn("SIGKILL", run.traceback())
        self.assertRegex(run.traceback(), r"\bgone, lost\b")
        self.assertEqual(self.ok(self.front.run('pair{twice(limit), len(str.ToUpper("abc"))}')).value(), "{A:42 B:3}")
        self.assertIn("undefined: lost", self.failed(self.front.run("lost")).traceback())

    def test_the_session_survives_an_exit(self):
        self.ok(self.front.run("kept := 1"))
        run = self.failed(self.front.run('defer fmt.Println("deferred")\nfmt.Println("before")\nos.Exit(3)'))
        self.assertEqual(run.printed(), "before\n")
        self.assertIn("exit status 3", run.traceback())
        self.assertEqual(self.front.run("kept").value(), "1")

    def test_a_killed_worker(self):
        worker = int(self.front.run("os.Getpid()").value())
        request = self.front.start("for { }")
        os.kill(worker, signal.SIGKILL)
        self.assertIn("killed", self.failed(self.front.result(request)).traceback())
        self.assertNotEqual(int(self.front.run("os.Getpid()").value()), worker)

    def test_restart_on_the_same_connection_file(self):
        worker = int(self.front.run("os.Getpid()").value())
        self.ok(self.front.run("kept := 1"))
        ports = self.manager.get_connection_info()
        self.manager.restart_kernel(now=False)
        self.ended(worker)
        self.assertEqual(self.manager.get_connection_info(), ports)
        # The front end stays connected, as JupyterLab does.
        self.front.client.wait_for_ready(timeout=TIMEOUT)
        run = self.failed(self.front.run("kept"))
        self.assertIn("undefined: kept", run.traceback())
        self.assertEqual(run.reply["execution_count"], 1)

    def test_shutdown_while_a_cell_runs(self):
        worker = int(self.front.run("os.Getpid()").value())
        self.front.start("for {}")
        reply = self.front.control("shutdown_request", {"restart": False})
        self.assertEqual((reply["status"], reply["restart"]), ("ok", False))
        self.ended(self.manager.provisioner.pid)
        self.ended(worker)

    def test_restart_is_confirmed(self):
        reply = self.front.control("shutdown_request", {"restart": True})
        self.assertEqual((reply["status"], reply["restart"]), ("ok", True))

    def test_a_killed_kernel_leaves_no_worker(self):
        worker = int(self.front.run("os.Getpid()").value())
        self.front.start("for {}")
        psutil.Process(self.manager.provisioner.pid).kill()
        self.ended(worker)
