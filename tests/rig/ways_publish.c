/* SPDX-License-Identifier: Apache-2.0 */
/* ways_publish.c: ways of disclosure: documents, their reviews and interpretations. */
#include "ways.h"

#define SIX "一、政策背景依据\\n国务院要求。\\n二、目标任务\\n压减时间。\\n三、主要内容\\n四个统一。\\n四、执行标准\\n见清单。\\n五、惠民利民举措\\n一次告知。\\n六、新旧政策差异\\n少一百多天。"
#define DOC(more) "{'title':'关于印发示例办法的通知','number':'葫政办发〔2019〕70号','issuer':'葫芦岛市人民政府办公室','day':'2019-09-01','text':'一、总则\\n第一段文字。'" more "}"
#define WITH_PLAN ",'openness':'public','plan':'同日发布','material':'" SIX "'"
#define STREAM "gazette/1"

static void nowhere(World *w) {
  (void)w;
}

static void drafted(World *w) {
  way_say(w, "ed", "gazette.draft", "", DOC(WITH_PLAN));
}

#define ANNEX "{'title':'流程图解','type':'png','alt':'四个阶段各几天','files':[{'blob':'aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350','name':'图解.png','size':6}]}"
static void attached(World *w) {
  drafted(w);
  way_say(w, "ed", "gazette.attach", STREAM, ANNEX);
}

static void sent(World *w) {
  drafted(w);
  way_say(w, "ed", "gazette.submit", STREAM, "{}");
}

static void reviewed(World *w) {
  sent(w);
  way_say(w, "ed2", "gazette.sign", STREAM, "{'step':'first'}");
  way_say(w, "ed3", "gazette.sign", STREAM, "{'step':'second'}");
}

static void public(World *w) {
  reviewed(w);
  way_say(w, "go-head", "gazette.sign", STREAM, "{'step':'third','channels':['website']}");
}

static void disputed(World *w) {
  sent(w);
  way_say(w, "ed2", "gazette.dispute", STREAM, "{'openness':'secret','reason':'涉及没有公开的规划'}");
  way_say(w, "ed", "gazette.settle", STREAM, "{'openness':'request'}");
}

#define ASK "{'title':'关于示例办法（草案）征求意见','text':'一、总则\\n第一段文字。','basis':'《示例条例》','ways':['online'],'send':true}"
#define ASKED "canvass/1"

static void written(World *w) {
  way_say(w, "ed", "canvass.draft", "", "{'title':'关于示例办法（草案）征求意见','text':'一、总则，第一段文字。','basis':'《示例条例》'}");
}

static void asking(World *w) {
  way_say(w, "ed", "canvass.draft", "", ASK);
}

static void second(World *w) {
  asking(w);
  way_say(w, "ed2", "canvass.sign", ASKED, "{'step':'first'}");
  way_say(w, "ed3", "canvass.sign", ASKED, "{'step':'second'}");
}

static void opened(World *w) {
  second(w);
  way_say(w, "go-head", "canvass.sign", ASKED, "{'step':'third'}");
}

static void told(World *w) {
  opened(w);
  way_say(w, "anybody", "canvass.say", ASKED, "{'text':'希望写明期限'}");
}

static void grouped(World *w) {
  told(w);
  way_say(w, "ed", "canvass.group", ASKED, "{'title':'期限','opinions':['1']}");
}

static void over(World *w) {
  told(w);
  w->now += 40 * DAY_MS;
}

static void answered(World *w) {
  grouped(w);
  way_say(w, "ed", "canvass.answer", ASKED, "{'no':1,'adoption':'adopted','reason':'已经写明'}");
  w->now += 40 * DAY_MS;
  way_say(w, "system", "canvass.lapse", ASKED, "{'until':'2019-10-02'}");
}

static void closed(World *w) {
  answered(w);
  way_say(w, "go-head", "canvass.close", ASKED, "{}");
  way_say(w, "ed", "gazette.import", "", "{'code':'D60'}");
}

const Way ways_publish[] = {
    WAY_TOLD("canvass.draft", "ed", nowhere, "", ASK),
    WAY_TOLD("canvass.change", "ed", written, ASKED, ASK),
    WAY_TOLD("canvass.submit", "ed", written, ASKED, "{}"),
    WAY_TOLD("canvass.sign", "go-head", second, ASKED, "{'step':'third'}"),
    WAY_TOLD("canvass.return", "ed2", asking, ASKED, "{'reason':'起草说明请写具体'}"),
    WAY_TOLD("canvass.say", "anybody", opened, ASKED, "{'text':'希望写明期限'}"),
    WAY_TOLD("canvass.group", "ed", told, ASKED, "{'title':'期限','opinions':['1']}"),
    WAY_TOLD("canvass.answer", "ed", grouped, ASKED, "{'no':1,'adoption':'partly','reason':'写明一部分'}"),
    WAY_TOLD("canvass.close", "go-head", answered, ASKED, "{}"),
    WAY_TOLD("canvass.link", "ed", closed, ASKED, "{'document':'D60'}"),
    WAY_TOLD("canvass.lapse", "system", over, ASKED, "{'until':'2019-10-02'}"),
    WAY_TOLD("gazette.import", "ed", nowhere, "", "{'code':'D60'}"),
    WAY_TOLD("gazette.draft", "ed", nowhere, "", DOC(WITH_PLAN ",'send':true")),
    WAY_TOLD("gazette.change", "ed", drafted, STREAM, DOC(WITH_PLAN ",'send':true")),
    WAY_TOLD("gazette.mark", "ed", drafted, STREAM, "{'openness':'secret','reason':'内部管理事项'}"),
    WAY_TOLD("gazette.explain", "ed", public, STREAM, "{'form':'questions','plan':'一周后发布','material':'" SIX "','send':true}"),
    WAY_TOLD("gazette.attach", "ed", drafted, STREAM, ANNEX),
    WAY_TOLD("gazette.detach", "ed", attached, STREAM, "{'no':1}"),
    WAY_TOLD("gazette.submit", "ed", drafted, STREAM, "{}"),
    WAY_TOLD("gazette.sign", "go-head", reviewed, STREAM, "{'step':'third','channels':['website','gazette']}"),
    WAY_TOLD("gazette.return", "ed2", sent, STREAM, "{'reason':'第三部分请写具体'}"),
    WAY_TOLD("gazette.dispute", "ed2", sent, STREAM, "{'openness':'secret','reason':'涉及没有公开的规划'}"),
    WAY_TOLD("gazette.settle", "se-head", disputed, STREAM, "{'openness':'request'}"),
    WAY_TOLD("gazette.drop", "ed", drafted, STREAM, "{'no':1,'reason':'重写'}"),
    WAY_TOLD("gazette.take-down", "go-head", public, STREAM, "{'no':1,'reason':'数字有误'}"),
    WAY_TOLD("gazette.force", "ed", public, STREAM, "{'force':'abolished','basis':'葫政办发〔2020〕1号'}"),
};
const size_t way_publish_count = COUNT(ways_publish);
