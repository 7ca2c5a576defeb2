// A mail server that keeps what the portal sends.

import { expect } from "@playwright/test";
import { createServer, type Socket } from "node:net";

/** Listens where the portal sends mails. */
export async function postOffice() {
  const mails: string[] = [];
  const server = createServer((socket) => receive(socket, mails));
  const [host, port] = (process.env.MAIL_HOST ?? "127.0.0.1:0").split(":");
  await new Promise<void>((resolve) => server.listen(Number(port), host, resolve));
  return {
    /** The path of the link in the mail to an address, once it has come. */
    async link(to: string, page: "invite" | "reset") {
      const found = () => mails.filter((mail) => mail.includes(`To: ${to}`)).at(-1)?.match(new RegExp(`/${page}/[\\w-]+`))?.[0];
      await expect.poll(found, { message: `a mail to ${to}`, timeout: 30_000 }).toBeTruthy();
      return found()!;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function receive(socket: Socket, mails: string[]) {
  let held = "";
  let mail: string[] | undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    if (mail && line !== ".") return mail.push(line);
    if (mail) {
      mails.push(mail.join("\n"));
      mail = undefined;
      return say("250 taken");
    }
    if (line === "DATA") mail = [];
    say({ DATA: "354 go on", QUIT: "221 bye" }[line] ?? "250 fine");
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    const lines = (held + data).split("\r\n");
    held = lines.pop() ?? "";
    lines.forEach(hear);
  });
  say("220 here");
}
