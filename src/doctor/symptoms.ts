import type { Bilingual } from '../errors.ts'
import { type Reason, reasons } from '../traffic/reasons.ts'

/** Something that a log, a browser or a phone says, with its cause and its cure. */
export interface Symptom {
  /** How it shows, in a line of a log or in what a person types. */
  readonly pattern: RegExp
  /** Whether a log that says so is worth a look; `noise` is what strangers cause on every server. */
  readonly weight: 'failure' | 'warning' | 'noise'
  /** How many lines of it are needed before anybody is told; 1 if not given. */
  readonly least?: number
  readonly what: Bilingual
  readonly todo: Bilingual
}

type Row = readonly [RegExp, Symptom['weight'], what: readonly [string, string], todo: readonly [string, string]]

const BUILD = ['npm run build', '请运行 npm run build'] as const
const RUN_DOCTOR = ['weixin doctor says which', '请运行 weixin doctor 查明'] as const
const SERVICE = [
  'systemctl status weixin.socket weixin; on Windows start “weixin serve”',
  '请执行 systemctl status weixin.socket weixin；Windows 上请启动 weixin serve',
] as const
const FIRST_LINE = [
  'correct the first line of cgi-bin/weixin: git checkout cgi-bin/weixin; on Windows weixin vhost HOST --install writes it',
  '请修正 cgi-bin/weixin 的第一行：git checkout cgi-bin/weixin；Windows 上由 weixin vhost 域名 --install 写入',
] as const

// biome-ignore format: a table has one row a line
const ROWS: readonly Row[] = [
  // WeChat's own words
  [/配置失败|token\s*验证失败|请求\s*URL\s*超时|configuration failed/i, 'failure',
    ['the console could not verify the URL. In this order: the URL leads elsewhere (redirect, other virtual host), Token different, answer chunked or with extra bytes, no answer within 5 s, port other than 80 or 443, machine not reachable from outside', '后台校验 URL 失败。依次可能是：URL 指向别处（重定向、其他虚拟主机）、Token 不一致、应答为分块传输或有多余字节、5 秒内没有应答、端口不是 80 或 443、外网无法访问本机'], RUN_DOCTOR],
  [/该公众号(提供的服务出现故障|暂时无法提供服务)|service (is )?(unavailable|faulty).*later/i, 'failure',
    ['WeChat delivered the message three times and took none of the answers: later than 5 s, a status other than 200, or XML that it refuses (From and To not swapped, empty Content, more than one article)', '微信推送了三次，都没有得到可接受的应答：超过 5 秒、状态码不是 200，或 XML 有误（收发方未对调、Content 为空、图文多于一条）'], ['weixin doctor; then weixin send text with the same words; the log has a line for each refusal', '请先运行 weixin doctor，再用 weixin send text 发送同样的内容；日志中每次拒绝都有一行记录']],
  // The script and Node
  [/there is no Node at|env: .?node.?: No such file|node: command not found/, 'failure',
    ['there is no Node where the script looks for it', '脚本找不到 Node'], BUILD],
  [/responder\.cjs is missing/, 'failure', ['dist/ is missing', '缺少 dist/'], BUILD],
  [/Exec format error|AH01241.*exec format/i, 'failure',
    ['the system cannot run the script: a byte order mark, or no #! in its first line', '系统无法执行脚本：第一行前有 BOM，或没有 #!'], FIRST_LINE],
  [/bad interpreter|\(2\)No such file or directory.*exec of|couldn't create child process: 720002/i, 'failure',
    ['the interpreter of the first line is not there, or the line ends with CR LF', '第一行写的解释器不存在，或该行以 CRLF 结尾'], FIRST_LINE],
  [/\(13\)Permission denied.*exec of|AH01241.*Permission denied/i, 'failure',
    ["the script is not executable for Apache's user", 'Apache 的用户没有执行脚本的权限'], ['chmod 755 cgi-bin/weixin', '请执行 chmod 755 cgi-bin/weixin']],
  [/AH01241|exec of .* failed/, 'failure', ['Apache could not start the script', 'Apache 无法启动脚本'], RUN_DOCTOR],
  [/cannot read .*weixin\.config\.json|cannot read .*\.json: E/, 'failure',
    ["the web server's user may not read the configuration", 'Web 服务器的用户无权读取配置文件'], ['give it to the user of the script or service (chown), mode 600; “access” of weixin doctor says whom', '请把它交给脚本或服务的用户（chown），权限 600；weixin doctor 的“access”会说明是哪个用户']],
  [/not JSON \(|unknown key "|has a value that is not permitted|"token" is missing/, 'failure',
    ['a mistake in the configuration; the line says which key', '配置有误；该行说明了是哪个键'], ['correct weixin.config.json', '请修改 weixin.config.json']],
  [/the rules of before stay in force/, 'warning',
    ['a mistake in the rules; the old ones go on', '规则有误，仍使用旧规则'], ['correct the file and line that it names', '请修改所指的文件和行']],
  [/cannot use Redis at/, 'failure', ['Redis cannot be used', '无法使用 Redis'], ['start Redis, or correct "store"', '请启动 Redis，或修改 "store"']],
  [/weixin (error|warn): cannot use .*read-only/, 'failure',
    ['the service may not write to the folder of the store', '服务无权写入状态目录'], ['ReadWritePaths= in weixin.service must name it: weixin service --install writes it', '请在 weixin.service 的 ReadWritePaths= 中写上该目录：weixin service --install 会生成']],
  [/weixin (error|warn): cannot use \S*/, 'failure',
    ['the folder of the store cannot be used', '无法使用状态目录'], ['give var/ to the user of the script or service: “state” of weixin doctor says whom', '请把 var/ 交给脚本或服务的用户：weixin doctor 的“state”会说明是哪个用户']],
  [/no access token from .*(40164|61004)|\b40164\b.*whitelist/, 'failure',
    ['the address of this machine is not on the API IP whitelist', '本机 IP 不在 API IP 白名单中'], ['enter the address that the line names in the console', '请在后台填入该行所示的 IP']],
  [/no access token from/, 'failure', ['no access token can be had', '无法获取 access token'], ['the line says why; weixin token tries it', '原因见该行；可用 weixin token 重试']],
  [/no answer after the last delivery/, 'warning',
    ['a handler took longer than all three deliveries', '处理程序的用时超过了三次推送'], ['make it faster; with an AppSecret the answer is sent afterwards', '请加快处理；填写 AppSecret 后可在之后补发']],
  [/did not answer in time and was ended/, 'failure', ['the script hung and was ended', '脚本卡住，已被结束'], ['look at the handlers in src/app.ts', '请检查 src/app.ts 中的处理程序']],
  [/the client went away before/, 'warning', ['whoever asked did not wait for the answer', '对方没有等到应答就断开了'], ['answers take too long; weixin doctor measures them', '应答过慢；可用 weixin doctor 测量']],
  [/ERR_MODULE_NOT_FOUND|Cannot find module/, 'failure', ['a file of the program is missing', '缺少程序文件'], BUILD],
  [/heap out of memory|ENOMEM|Cannot allocate memory/, 'failure', ['the memory is used up', '内存不足'], ['raise MemoryMax=, or look for a leak in src/app.ts', '请调高 MemoryMax=，或检查 src/app.ts 是否有内存泄漏']],
  [/ENOSPC|No space left on device/, 'failure', ['the disk is full', '磁盘已满'], ['make room (df -h, df -i)', '请清理空间（df -h、df -i）']],
  [/EMFILE|Too many open files/, 'failure', ['too many files are open', '打开的文件过多'], ['LimitNOFILE=, ulimit -n', '请调高 LimitNOFILE=、ulimit -n']],
  [/EADDRINUSE/, 'failure', ['the address is taken: the service runs twice', '地址已被占用：服务启动了两次'], ['stop the other one', '请停掉另一个']],
  [/CERT_NOT_YET_VALID|CERT_HAS_EXPIRED/, 'failure', ["the API's certificate is not valid at this time", '接口证书在当前时间无效'], ['set the clock right', '请校准系统时钟']],
  [/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER/, 'failure', ['somebody in between opens TLS', '中间有程序解密 TLS'], ['look for a proxy or a virus scanner', '请检查代理或杀毒软件']],
  [/ENOTFOUND|EAI_AGAIN/, 'failure', ['a name cannot be resolved', '域名无法解析'], ['see to the DNS of this machine', '请检查本机 DNS']],
  // Apache and the way to the service
  [/AH02454.*\(13\)|\(13\)Permission denied.*AH02454|\(13\)Permission denied.*unix/i, 'failure',
    ["Apache's user may not connect to the socket", 'Apache 的用户无权连接套接字'], ['SocketGroup= and SocketMode=0660 in weixin.socket; SELinux: restorecon -R /run/weixin', '请设置 weixin.socket 中的 SocketGroup= 和 SocketMode=0660；SELinux：restorecon -R /run/weixin']],
  [/AH02454|AH01079|AH00957|AH00959|AH01114|failed to make connection to backend/, 'failure',
    ['the service does not run: Apache answers 503', '服务没有运行：Apache 返回 503'], SERVICE],
  [/AH01144/, 'failure', ['mod_proxy_fcgi is not loaded', '未加载 mod_proxy_fcgi'], ['a2enmod proxy_fcgi, restart Apache', '请执行 a2enmod proxy_fcgi 并重启 Apache']],
  [/AH01075.*timeout|The timeout specified has expired|AH00574|Script timed out/i, 'failure',
    ['the script or service did not answer in Apache’s time', '脚本或服务未在 Apache 的时限内应答'], ['see what it waits for; Timeout, timeout= of ProxyPass: 20 or more', '请检查它在等待什么；Timeout 和 ProxyPass 的 timeout= 应不小于 20']],
  [/AH01067|AH01075|AH01068|AH01070/, 'failure', ['the service broke off an answer', '服务中途断开了应答'], ['its own log says why: journalctl -u weixin', '原因见服务日志：journalctl -u weixin']],
  [/End of script output before headers|Premature end of script headers|malformed header from script/i, 'failure',
    ['the script ended without an answer', '脚本没有给出应答就结束了'], ['the line before it says why; try weixin send echo', '原因见前一行；可用 weixin send echo 重现']],
  [/Options ExecCGI is off/, 'failure', ['Apache may not run scripts in that folder', 'Apache 不允许在该目录执行脚本'], ['Options ExecCGI for cgi-bin', '请为 cgi-bin 设置 Options ExecCGI']],
  [/AH01630|client denied by server configuration/, 'noise', ['Apache refused it by “Require”', '被 Apache 的 “Require” 拒绝'], ['right for private files; for / set Require all granted', '对私有文件是正常的；对 / 应设置 Require all granted']],
  [/AH00035|AH00132|search permissions are missing/, 'failure', ["Apache's user may not enter a folder on the way", 'Apache 的用户无权进入途经的目录'], ['chmod o+x for each folder above the project, or move it to /srv', '请对上级各目录执行 chmod o+x，或把项目移到 /srv']],
  [/AH02811|AH01264|script not found or unable to stat/i, 'failure', ['ScriptAlias leads to no file', 'ScriptAlias 指向的文件不存在'], ['correct its path; weixin vhost writes it', '请修正路径；weixin vhost 会生成']],
  [/could not bind to address|AH00072|Address already in use/i, 'failure', ['somebody else has the port', '端口已被其他程序占用'], ['ss -ltnp; netstat -ano on Windows; stop the other', '请用 ss -ltnp（Windows 用 netstat -ano）查看，并停掉占用者']],
  [/Invalid command '(SetEnv|PassEnv)'/, 'failure', ['mod_env is not loaded', '未加载 mod_env'], ['a2enmod env', '请执行 a2enmod env']],
  [/Invalid command 'RequestHeader'/, 'failure', ['mod_headers is not loaded', '未加载 mod_headers'], ['a2enmod headers', '请执行 a2enmod headers']],
  [/Invalid command 'ProxyPass'/, 'failure', ['mod_proxy is not loaded', '未加载 mod_proxy'], ['a2enmod proxy_fcgi', '请执行 a2enmod proxy_fcgi']],
  [/Invalid command 'Fcgid/, 'failure', ['mod_fcgid is not loaded', '未加载 mod_fcgid'], ['apt-get install libapache2-mod-fcgid', '请执行 apt-get install libapache2-mod-fcgid']],
  [/Invalid command|AH00526|Syntax error on line/, 'failure', ['a mistake in Apache’s configuration', 'Apache 配置有误'], ['correct the line; apache2ctl -t checks', '请修改该行；apache2ctl -t 可检查']],
  [/ModSecurity: Access denied/, 'failure', ['mod_security refuses a request', 'mod_security 拦截了请求'], ['SecRuleEngine Off for this virtual host', '请在该虚拟主机中设置 SecRuleEngine Off']],
  [/suexec (policy|failure)/i, 'failure', ['suexec refuses the script', 'suexec 拒绝运行脚本'], ['take SuexecUserGroup out of the virtual host', '请去掉虚拟主机中的 SuexecUserGroup']],
  [/avc:\s+denied/, 'failure', ['SELinux forbids it', '被 SELinux 禁止'], ['weixin vhost tells the commands', '请按 weixin vhost 给出的命令设置']],
  [/AH00484|AH00161|MaxRequestWorkers/, 'warning', ['all of Apache’s workers are busy', 'Apache 的工作线程已用完'], ['raise MaxRequestWorkers, or see who keeps them', '请调高 MaxRequestWorkers，或查看被谁占用']],
  [/mod_fcgid: (read data timeout|ap_pass_brigade failed|error reading data)/, 'failure', ['a FastCGI process ended or hung', 'FastCGI 进程结束或卡住'], ['its own words stand above in the log', '原因见日志中前面的行']],
  [/mod_fcgid: can't apply process slot/, 'failure', ['all FastCGI processes are busy', 'FastCGI 进程已全部占用'], ['raise FcgidMaxProcessesPerClass', '请调高 FcgidMaxProcessesPerClass']],
  [/mod_fcgid: HTTP request length/, 'warning', ['FcgidMaxRequestLen is too small', 'FcgidMaxRequestLen 过小'], ['FcgidMaxRequestLen 16777216', '请设为 FcgidMaxRequestLen 16777216']],
  [/AH00558|could not reliably determine the server's fully qualified/, 'noise', ['Apache has no ServerName of its own', 'Apache 没有设置全局 ServerName'], ['of no importance here', '对本项目没有影响']],
  [/weixin error: |"level":"error"/, 'failure', ['the responder reports an error', '公众号服务报告了错误'], ['the line says what to do', '请按该行的说明处理']],
]

/** Who gets 403 and 400: most often whoever looks for holes in servers. */
const STRANGERS = [
  'query',
  'method',
  'echostr',
  'path',
  'prolog',
  'not-utf8',
  'malformed',
  'too-large',
  'incomplete',
  'head-too-large',
]
/** The doctor's own visits leave some behind. */
const WORTH_TELLING = 5

/** What our own log lines count by: `reason=`. */
function symptomOf({ reason, en: sentence, zh }: Reason): Symptom {
  const [en = '', ...rest] = sentence.split('; ')
  const [what = '', ...more] = zh.split('；')
  return {
    pattern: new RegExp(`(?:^|reason[=":]+)${reason}(?:"|\\s|$)`),
    weight: STRANGERS.includes(reason) ? 'noise' : 'warning',
    least: WORTH_TELLING,
    what: { en, zh: what },
    todo: {
      en: rest.join('; ') || 'whoever sent it is not WeChat, or a proxy changes what passes',
      zh: more.join('；') || '发送方不是微信，或有代理改写了内容',
    },
  }
}

/** All of them; of two that fit a line the first counts. */
export const symptoms: readonly Symptom[] = [
  ...reasons.map(symptomOf),
  ...ROWS.map(([pattern, weight, [en, zh], [todo, cure]]) => ({
    pattern,
    weight,
    what: { en, zh },
    todo: { en: todo, zh: cure },
  })),
]
