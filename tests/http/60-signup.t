# SPDX-License-Identifier: Apache-2.0
# An applicant makes an account, and then works with it.

== nothing was typed
GET /signup
POST /signup
< 422
~ 填写账号
~ 填写您的姓名
~ 填写您代表的企业或单位名称
~ 校验码要正确
~ 填写手机号码

== a weak password and a wrong telephone are refused, and all else is still there
GET /signup
POST /signup
+ id=newcomer
+ name=新某
+ org_name=示例新办企业有限公司
+ org_uscc=91211400MA1001371A
+ phone=12
+ password=short
< 422
~ 填写手机号码
~ 10
~ value="newcomer"
~ value="示例新办企业有限公司"
~ value="12"
!~ value="short"
GET /login
POST /login
+ account=newcomer
+ password=short
< 422

== a code with a right check digit
as owner2
GET /my/new
? uscc = name="uscc" value="(\w+)"

== nobody makes another role than applicant
GET /signup
POST /signup
+ id=newcomer2
+ name=新某
+ roles=sysadmin
+ org_name=示例新办企业有限公司
+ org_uscc={uscc}
+ phone=13800001234
+ password=Newcomer-2026
? at = (/login\?next=/my&new=1)
GET /login
POST /login
+ account=newcomer2
+ password=Newcomer-2026
< 303
< Location: /my
GET /adm/users
< 403

== an account that exists
GET /signup
POST /signup
+ id=owner
+ name=新某
+ org_name=示例新办企业有限公司
+ org_uscc={uscc}
+ phone=13800001234
+ password=Newcomer-2026
< 409
~ 账号 owner 已经有了
~ value="示例新办企业有限公司"
!~ Newcomer-2026
