# SPDX-License-Identifier: Apache-2.0
# The three administrators 三员: the auditor follows who did what.

== the auditor's home is the journal, newest first, with who, what and where it stands
as audit
GET /audit?from=
< 200
~ 演示数据里，通知和送达记得比所写的时间晚（最多半小时），所以时间会往回跳
~ 查轨迹
~ 日志位置
~ 往前还有
~ 还没有签过检查点
!~ notice.told
GET /audit?from=&who=sys
< 200
!~ 系统自动
GET /audit?about=user/sys
~ 账号 sys：第 1 到
~ 建账号
GET /audit?about=sys
~ 账号 sys：第 1 到
GET /audit?about=dbd-2026-0001
~ 督办单 DBD-2026-0001：第 1 到
~ <span class="vh">：督办单 DBD-2026-0001</span>
GET /audit?about=DBD-2026-0001&filled=2026-11-24&from=2026-11-24&to=2026-11-25
~ 督办单 DBD-2026-0001：第 1 到
GET /audit?about=HLD-ZJ1-000001-1
~ 发放证照
GET /audit?about=notice/directive.1
~ 关于 督办单 DBD-202
~ value="关于 督办单 DBD-202
GET /audit?about=directive/1
~ value="督办单 DBD-202
GET /audit?about=%E5%85%B3%E4%BA%8E+%E7%9D%A3%E5%8A%9E%E5%8D%95+DBD-2026-0001+%E7%9A%84%E6%B6%88%E6%81%AF
~ 关于 督办单 DBD-2026-0001 的消息：第 1 到
GET /audit?about=DBD-2026-0001+%E7%9A%84%E6%B6%88%E6%81%AF
~ 关于 督办单 DBD-2026-0001 的消息：第 1 到
GET /audit?about=DBD-2026-0001
~ about=notice%2Fdirective.
GET /audit?about=notice/1
~ 申请已提交：owner
GET /audit?about=project/1
~ about=notice%2F1
GET /audit?about=project/1&to=2020-01-01&from=
~ 这些日子里没有这样的事
~ <a href="/audit?from=&amp;to=&amp;
GET /audit?about=nobody/7
~ 这些日子里没有这样的事

== days that cannot be are refused beside their field, and what was typed stays
as audit
GET /audit?from=2026-13-01&who=wang
< 422
~ 日期要写成
~ value="wang"
GET /audit?from=2026-11-26&to=2026-11-01
< 422
~ 起始日期晚于截止日期

== a table for a spreadsheet, and nothing for others
as audit
GET /audit?about=sys&format=csv
< 200
~ 时间,账号,姓名
~ "user.created"
as sys
GET /audit
< 403
as sec
GET /audit
< 403

== an account is disabled with a reason, after seeing what hangs on it; the list says who and when
as sys
GET /adm/users/drawer2
< 200
~ 停用这个账号
~ 在用
POST /adm/users/drawer2
+ act=disable
< 422
~ 请写明为什么停用
GET /adm/users/drawer2
POST /adm/users/drawer2
+ act=disable
+ reason=调离
< 303
GET /adm/users?q=drawer2
~ 停用
~ 调离
!~ 恢复这个账号
GET /adm/users/drawer2
~ 恢复这个账号
POST /adm/users/drawer2
+ act=enable
< 303
GET /adm/users?q=drawer2
!~ 调离
GET /adm/users/sys
~ 不能由本人停用
!~ 停用这个账号
GET /adm/users/nobody
< 404
as audit
GET /audit?about=drawer2
~ 停用账号
~ 恢复账号
as sec
GET /adm/users/drawer2
< 403

== an account is asked for, consented to by another person, gets a first password, and its person changes that before anything else
as sys
GET /adm/access/new
~ 窗口人员：在综合窗口接件
POST /adm/access/new
+ act=create
+ id=li
+ reason=新来的
< 422
~ 请填写“姓名”
~ 请填写“角色”
~ value="li"
GET /adm/access/new
POST /adm/access/new
+ act=create
+ id=li
+ name=李某
+ roles[]=clerk
+ unit=nowhere
+ reason=接替调离的人
< 422
~ 没有单位
~ value="李某"
GET /adm/access/new
POST /adm/access/new
+ act=create
+ id=li
+ name=李某
+ roles[]=clerk
+ unit=window
+ reason=接替调离的人
< 303
< Location: /adm/access/6
GET /adm/access/6
~ 这是您提出的
~ 收回这份申请
!~ value="approve"
POST /adm/access/6
+ act=approve
< 403
GET /adm/users
~ 份等待审批
GET /adm/users/li
< 404
as sec
GET /
GET /adm/access
~ 第 6 号：李某（li）
~ 第 4 号
GET /adm/access/6
~ 在综合窗口接件、一次告知补正、受理
~ 新给
~ 可以办的
~ 接替调离的人
POST /adm/access/6
+ act=refuse
< 422
~ 请填写“理由”
GET /adm/access/6
POST /adm/access/6
+ act=approve
< 303
GET /adm/access/6
~ 已批准
!~ value="approve"
GET /prefs/password
POST /adm/access/6
+ act=approve
< 409
~ 已由安全管理员乙于
GET /adm/access/7
< 404
GET /adm/access/new
< 403
GET /adm/users
< 403
as sys
GET /adm/users
~ 还没有口令，去发初始口令
GET /adm/users/li
~ 还没有，不能登录
POST /adm/users/li
+ act=password
< 200
< Cache-Control: no-store
~ 只显示这一次
? first = <code>([\w-]{19})</code>
GET /adm/users/li
~ 初始口令，本人还没有改
!~ {first}

== the first password opens one page only, until it is changed
GET /login
POST /login
+ account=li
+ password={first}
< 303
GET /w
< 303
< Location: /prefs/password
GET /prefs/password
~ 系统管理员发的初始口令
POST /prefs/password
+ old={first}
+ fresh={first}
+ again={first}
< 422
~ 新口令不能和现在的一样
GET /prefs/password
POST /prefs/password
+ old={first}
+ fresh=Window-2026a
+ again=Window-2026a
< 303
< Location: /prefs/password?changed=1
GET /prefs/password?changed=1
~ 口令已经改好
!~ 系统管理员发的初始口令
GET /w
< 200
as audit
GET /audit?about=access/6
~ 申请账号或角色
~ 批准账号授权
GET /audit?about=li
~ 建账号
~ 重设口令

== what is refused says why, to who asked; roles by the interface go the same way; three administrators have no password from the web
as sec
GET /adm/access/5
~ 原来就有
~ 窗口负责人
~ 平时照常收件
~ 孙某有：<strong>窗口人员、窗口负责人</strong>。窗口人员拟派转单，窗口负责人阅批
~ 驳回：收件和阅批不能是同一个人
GET /adm/access/4
!~ 拟办和阅批在一人
!~ 以前驳回过
GET /adm/access/5
POST /adm/access/5
+ act=refuse
+ reason=岗位还没有批
< 303
as sys
GET /adm/users
~ 岗位还没有批
GET /adm/users/agent3/roles
~ value="agent" checked
POST /adm/users/agent3/roles
+ act=change
+ roles[]=agent
+ unit=window
+ reason=没有变
< 422
~ 没有要改的
GET /adm/users/agent3/roles
POST /adm/users/agent3/roles
+ act=change
+ unit=window
< 422
~ 请填写“角色”
~ 请填写“理由”
GET /adm/users/sec
~ 三员的口令和接口令牌在服务器上
!~ value="password"
POST /adm/users/sec
+ act=password
< 403
token sys
POST /api/v1/commands/user.change
J {"stream":"user/agent3","args":{"roles":"agent,clerk"}}
< 403
~ 安全管理员同意
POST /api/v1/commands/user.create
J {"args":{"id":"ma2","name":"马某","roles":"leader"}}
< 403
POST /api/v1/commands/access.change
J {"args":{"id":"agent3","roles":"agent,clerk","unit":"window","reason":"兼收件"}}
< 200
~ access/7
token sec
POST /api/v1/commands/access.approve
J {"stream":"access/7"}
< 200
POST /api/v1/commands/access.approve
J {"stream":"access/7"}
< 409
as sys
GET /adm/users?q=agent3
~ 代办员、窗口人员

== one's own password: the old one is asked for, the rules are said, other sessions end
as surveyor2
GET /my/surveys
< 200
GET /prefs
~ href="/prefs/password"
GET /prefs/password
~ 至少 10 位
POST /prefs/password
< 422
~ 请填写现在的口令
~ 请填写新口令
GET /prefs/password
POST /prefs/password
+ old=Yichuang-2026
+ fresh=short
+ again=short
< 422
~ 口令要有 10 到
GET /prefs/password
POST /prefs/password
+ old=Yichuang-2026
+ fresh=Company-2026a
+ again=Company-2026b
< 422
~ 两次填的新口令不一样
!~ Company-2026

== … changed in another browser
GET /prefs/password
< 303
< Location: /login?next=%2Fprefs%2Fpassword
GET /login
POST /login
+ account=surveyor2
+ password=Yichuang-2026
< 303
GET /prefs/password
POST /prefs/password
+ old=Wrong-2026xx
+ fresh=Company-2026a
+ again=Company-2026a
< 422
~ 现在的口令不对
GET /prefs/password
POST /prefs/password
+ old=Yichuang-2026
+ fresh=Company-2026a
+ again=Company-2026a
< 303
< Location: /prefs/password?changed=1
GET /prefs/password?changed=1
~ 口令已经改好
~ 在别处的登录都已退出
GET /my/surveys
< 200

== … the first browser is out, and the old password is worth nothing
as surveyor2
GET /my/surveys
< 303
< Location: /login
GET /login
POST /login
+ account=surveyor2
+ password=Yichuang-2026
< 422
GET /login
POST /login
+ account=surveyor2
+ password=Company-2026a
< 303
as audit
GET /audit?about=surveyor2
~ 重设口令
