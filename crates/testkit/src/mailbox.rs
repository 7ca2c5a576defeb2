//! A mail server on this machine that keeps what it is sent, and refuses when it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// What a mail server was sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The addresses of the envelope.
    pub to: Vec<String>,
    /// Headers and body as they came, with soft line breaks taken out.
    pub text: String,
}

impl Mail {
    /// The first word that begins so, such as a link.
    pub fn word(&self, start: &str) -> Option<&str> {
        self.text.split_whitespace().find(|word| word.starts_with(start))
    }
}

/// A running mail server; its thread ends with the process.
#[derive(Clone)]
pub struct Mailbox {
    port: u16,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    mails: Vec<Mail>,
    /// The answer to each recipient, in place of taking it.
    refusal: Option<String>,
}

impl Mailbox {
    /// Listens on a free port.
    pub fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let mailbox = Self { port, shared };
        let served = mailbox.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mailbox = served.clone();
                thread::spawn(move || mailbox.serve(&stream));
            }
        });
        Ok(mailbox)
    }

    /// The URL that a mail client is given.
    pub fn url(&self) -> String {
        format!("smtp://portal:m41l-canary@127.0.0.1:{}", self.port)
    }

    /// Takes what came since it was asked last.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.lock().mails)
    }

    /// Answers recipients with that line, such as `550 no such user`, until it is told `None`.
    pub fn refuse(&self, line: Option<&str>) {
        self.lock().refusal = line.map(str::to_owned);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One connection, until the client leaves.
    fn serve(&self, stream: &TcpStream) -> Option<()> {
        let (mut lines, mut out) = (BufReader::new(stream).lines(), stream);
        let mut to = Vec::new();
        out.write_all(b"220 here\r\n").ok()?;
        loop {
            let line = lines.next()?.ok()?;
            let answer = match line.get(..4).unwrap_or(&line) {
                "EHLO" => "250-here\r\n250 AUTH PLAIN\r\n".to_owned(),
                "AUTH" => "235 come in\r\n".to_owned(),
                "RCPT" => match self.lock().refusal.clone() {
                    Some(refusal) => format!("{refusal}\r\n"),
                    None => {
                        to.push(line.split(['<', '>']).nth(1).unwrap_or_default().to_owned());
                        "250 fine\r\n".to_owned()
                    }
                },
                "DATA" => {
                    out.write_all(b"354 go on\r\n").ok()?;
                    let mut text = String::new();
                    loop {
                        let line = lines.next()?.ok()?;
                        if line == "." {
                            break;
                        }
                        text.push_str(&line);
                        text.push('\n');
                    }
                    let text = text.replace("=\n", "").replace("=3D", "=");
                    self.lock().mails.push(Mail { to: std::mem::take(&mut to), text });
                    "250 taken\r\n".to_owned()
                }
                "QUIT" => "221 bye\r\n".to_owned(),
                _ => "250 fine\r\n".to_owned(),
            };
            out.write_all(answer.as_bytes()).ok()?;
        }
    }
}
