// Lines over the weeks: one solid, one dashed, named at their end. The table behind the link is the
// record; without this script, or without ECharts, the page says so in words.
(function () {
  'use strict';
  const place = document.getElementById('trend');
  const block = document.getElementById('trend-data');
  if (!place || !block || !window.echarts) return;

  const drawn = JSON.parse(block.textContent);
  const dark = place.hasAttribute('data-dark');
  const size = dark ? 18 : 12;
  const words = dark ? '#B9C9D8' : '#56636F';
  const font = getComputedStyle(document.body).fontFamily;
  const colours = dark ? ['#F2A58F', '#7FB2DB'] : ['#B83A1B', '#1A5C90'];

  function band() {
    if (!drawn.band) return undefined;
    return {
      silent: true,
      itemStyle: { color: dark ? '#1B3A57' : '#F1F4F6' },
      label: { color: words, fontSize: size, position: 'insideTop', fontFamily: font },
      data: [[{ name: drawn.band[2], xAxis: drawn.band[0] }, { xAxis: drawn.band[1] }]],
    };
  }

  function line(one, number) {
    const colour = colours[number];
    return {
      name: one.name,
      type: 'line',
      data: one.values,
      symbol: number ? 'emptyCircle' : 'circle',
      symbolSize: dark ? 9 : 6,
      lineStyle: { width: dark ? 4 : 2, color: colour, type: number ? 'dashed' : 'solid' },
      itemStyle: { color: colour },
      endLabel: {
        show: true,
        formatter: function (point) { return one.short + ' ' + point.value; },
        color: colour, fontSize: size, fontWeight: 600, fontFamily: font,
      },
      labelLayout: { moveOverlap: 'shiftY' },
      markArea: number ? undefined : band(),
    };
  }

  const chart = window.echarts.init(place, null, { renderer: 'svg' });
  chart.setOption({
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: font },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, textStyle: { fontSize: size } },
    grid: { left: dark ? 46 : 34, right: dark ? 170 : 112, top: 14, bottom: dark ? 34 : 24 },
    xAxis: {
      type: 'category', data: drawn.labels, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: dark ? '#5A7690' : '#82909C' } },
      axisLabel: { color: words, fontSize: size, hideOverlap: true },
    },
    yAxis: {
      type: 'value', min: 0, splitNumber: 3, minInterval: 1,
      axisLabel: { color: words, fontSize: size },
      splitLine: { lineStyle: { color: dark ? '#27435E' : '#E3E8EC' } },
    },
    series: drawn.lines.map(line),
  });
  window.addEventListener('resize', function () { chart.resize(); });
})();
