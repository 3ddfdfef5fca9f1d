"""What is answered beside a running cell: dumps of goroutines, and subshells."""

from kernel_client import KernelTestCase

TARGET = "chanbook.goroutines"


class BesideTests(KernelTestCase):
    def setUp(self):
        super().setUp()
        self.ok(self.front.run("stuck := make(chan int)\ngo func() { stuck <- 1 }()"))
        self.running = self.front.start("for { }")

    def dump(self, data):
        self.assertIn("chan send", data["text/plain"])
        self.assertIn("text/html", data)

    def to_subshell(self, subshell, kind, content):
        msg = self.front.client.session.msg(kind, content)
        msg["header"]["subshell_id"] = subshell
        self.front.client.shell_channel.send(msg)
        return msg["header"]["msg_id"]

    def execute_on(self, subshell, code):
        return self.to_subshell(subshell, "execute_request", {"code": code, "silent": False})

    def subshell(self):
        reply = self.front.control("create_subshell_request", {})
        self.assertEqual(reply["status"], "ok", reply)
        return reply["subshell_id"]

    def test_a_request_on_control(self):
        reply = self.front.control("goroutines_request", {"filter": "blocked"})
        self.assertEqual(reply["status"], "ok", reply)
        self.dump(reply["data"])
        reply = self.front.control("goroutines_request", {"filter": 7})
        self.assertEqual(reply["status"], "error", reply)

    def test_a_cell_that_asks_for_it_now(self):
        run = self.ok(self.front.run("%goroutines now"))
        self.dump(run.of("display_data")[0]["data"])

    def test_a_comm(self):
        request = self.front.shell("comm_open", {"comm_id": "c", "target_name": TARGET, "data": {}})
        (msg,) = self.front.outputs(request)
        self.assertEqual(msg["msg_type"], "comm_msg", msg)
        self.assertEqual(msg["content"]["comm_id"], "c")
        self.dump(msg["content"]["data"]["data"])
        request = self.front.shell("comm_msg", {"comm_id": "c", "data": {"filter": "blocked"}})
        (msg,) = self.front.outputs(request)
        self.dump(msg["content"]["data"]["data"])

    def test_a_comm_over_a_subshell(self):
        subshell = self.subshell()
        request = self.to_subshell(subshell, "comm_open", {"comm_id": "s", "target_name": TARGET, "data": {}})
        (msg,) = self.front.outputs(request)
        self.dump(msg["content"]["data"]["data"])

    def test_a_subshell(self):
        subshell = self.subshell()
        self.assertEqual(self.front.control("list_subshell_request", {})["subshell_id"], [subshell])
        run = self.ok(self.front.result(self.execute_on(subshell, "%goroutines")))
        self.dump(run.of("display_data")[0]["data"])
        request = self.to_subshell(subshell, "complete_request", {"code": "stu", "cursor_pos": 3})
        self.assertIn("stuck", self.front.reply(request)["matches"])
        reply = self.front.control("delete_subshell_request", {"subshell_id": subshell})
        self.assertEqual(reply, {"status": "ok"})
        self.assertEqual(self.front.result(self.execute_on(subshell, "1")).status, "error")

    def test_other_cells_on_a_subshell_wait(self):
        subshell = self.subshell()
        waiting = self.execute_on(subshell, "6 * 7")
        note = self.front.published(
            lambda m: m["msg_type"] == "display_data" and m["parent_header"]["msg_id"] == waiting
        )
        self.assertIn("is running", note["content"]["data"]["text/plain"])
        self.manager.interrupt_kernel()
        self.assertEqual(self.front.reply(self.running)["ename"], "interrupt")
        self.assertEqual(self.front.reply(waiting)["status"], "ok")
        result = self.front.published(lambda m: m["msg_type"] == "execute_result")
        self.assertEqual(result["content"]["data"]["text/plain"], "42")

    def test_an_interrupt_shows_one_error(self):
        self.manager.interrupt_kernel()
        reply = self.front.reply(self.running)
        self.assertEqual(reply["ename"], "interrupt", reply)
        kinds = []
        while not kinds or kinds[-1] != "idle":
            msg = self.front.published(lambda m: m["parent_header"].get("msg_id") == self.running)
            kinds.append(msg["content"].get("execution_state", msg["msg_type"]))
        self.assertEqual(kinds.count("error"), 1, kinds)
