# SPDX-License-Identifier: Apache-2.0
# The three administrators 三员: the auditor follows who did what.

== the auditor's home is the journal, newest first, with who, what and where it stands
as audit
GET /audit?from=
< 200
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
